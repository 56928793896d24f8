"""The screens Users and Roles; they stand here since accounts is the floor below the console."""
