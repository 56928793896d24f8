"""Every write to check runs, results, watches and credentials."""

from tokenchecks.services.acts import dry_run, next_secret_try, send_test_mail
from tokenchecks.services.limits import TooManyChecks
from tokenchecks.services.queue import check_now, checks_queue, forget_many, queue_here, watch
from tokenchecks.services.rounds import round_begin, round_cancel, round_extend
from tokenchecks.services.trial import TooManyTrials, right_to_save, trial_begin
from tokenchecks.worker.claim import claim, claim_batch, defer, renew, stage_ended
from tokenchecks.worker.close import Ended, abandon, bury, finish, finish_all
from tokenchecks.worker.expiry_dates import ends_told
from tokenchecks.worker.pacing import answered, asking, holds_of, refusals_of
from tokenchecks.worker.retention import tidy
from tokenchecks.worker.schedule import schedule
from tokenchecks.worker.sweep import sweep

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
