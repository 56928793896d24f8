"""The screens Users, Roles and Queue Groups; they stand here since accounts is the floor below the console."""
