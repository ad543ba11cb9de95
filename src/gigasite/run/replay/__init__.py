"""Monte Carlo replay of a plan: machines fail and are repaired at random, hour by hour, for many outage years.

    stock        machines, circuits, weather plants, stores and load that may be shed, of one site and year
    stocks       how it follows from the tables of a plan and the figures of its scenario
    outages      two-state Markov chains, in a stationary state from the first hour on
    planned      machines that stand in planned outage, whole ones, by month
    balance      available capacity against load; the deficit goes to battery, backup sets and load that may be shed
    site_year    one site and year, in batches of years with random streams of their own
    estimate     hours, energy and events a year, each with its interval
    replay_table the table
    replay_run   a written run: the table put beside its others
    credit       what one more megawatt would have given in the hours that went unserved, for `run.uptime`

The plan itself counts on means: availability holds the mean forced outage. The replay asks what a plan made so does
when outages come as they come. It knows nothing of the model: tables and figures are all it reads.
"""

from gigasite.run.replay.replay_run import Replayed, replay_run

__all__ = ["Replayed", "replay_run"]
