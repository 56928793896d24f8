"""Every write to check runs, results, watches and credentials."""

from tokenchecks.services.acts import dry_run, next_secret_try, send_test_mail
from tokenchecks.services.claiming import claim, claim_batch, defer, renew, stage_ended
from tokenchecks.services.closing import Ended, abandon, bury, finish, finish_all
from tokenchecks.services.dating import ends_told
from tokenchecks.services.limits import TooManyChecks
from tokenchecks.services.pacing import answered, asking, holds_of, refusals_of
from tokenchecks.services.queueing import check_now, checks_queue, forget_many, queue_here, watch
from tokenchecks.services.rounds import round_begin, round_cancel, round_extend
from tokenchecks.services.scheduling import schedule
from tokenchecks.services.sweeping import sweep
from tokenchecks.services.tidying import tidy
from tokenchecks.services.trying import TooManyTrials, right_to_save, trial_begin

__all__ = [
    "Ended",
    "TooManyChecks",
    "TooManyTrials",
    "abandon",
    "answered",
    "asking",
    "bury",
    "check_now",
    "checks_queue",
    "claim",
    "claim_batch",
    "defer",
    "dry_run",
    "ends_told",
    "finish",
    "finish_all",
    "forget_many",
    "holds_of",
    "next_secret_try",
    "queue_here",
    "refusals_of",
    "renew",
    "right_to_save",
    "round_begin",
    "round_cancel",
    "round_extend",
    "schedule",
    "send_test_mail",
    "stage_ended",
    "sweep",
    "tidy",
    "trial_begin",
    "watch",
]
