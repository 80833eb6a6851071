"""Measure the checks and the confidence on cases with known answers.

    python -m evals.run [--limit 120]
    python -m evals.run --misses [kind]
    python -m evals.run --time

With ANTHROPIC_API_KEY, the consistency agent is also measured with a real model, on ``--limit`` held-out cases.
``--misses`` lists the texts of the tuning set that the checks judge wrongly; ``--time`` measures the time by length.
"""

from __future__ import annotations

import argparse
import os
import time
from collections import Counter

from agents.llm.anthropic.client import AnthropicClient
from agents.mock.client import MockClient
from evals import broken_book
from evals.cases import held_out_cases, tuning_cases
from evals.checkers import AgentChecker, check_by_rule, checks_version
from evals.confidence import COVERAGES, Figures, calibrated, compare, judge
from evals.kinds.scoring import misses, score
from evals.kinds.scoring import table as kinds_table
from evals.kinds.texts import held_out_texts, tuning_texts
from evals.outputs import labelled
from evals.scoring import table, tally
from evals.simulations import learning, promises
from evals.timing import measure

DEFAULT_MODEL = "claude-haiku-5-5"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("--limit", type=int, default=120, help="number of cases for a real model")
    parser.add_argument("--misses", nargs="?", const="", metavar="kind", help="list misjudged texts and stop")
    parser.add_argument("--time", action="store_true", help="measure the time by length and stop")
    options = parser.parse_args()
    started = time.monotonic()
    if options.misses is not None:
        _misses(options.misses)
    elif options.time:
        for line in measure():
            print(line, flush=True)
    else:
        _contradictions(options.limit)
        _kinds()
        print("\n" + "\n".join(broken_book.report()))
        _confidence()
        print("\n" + "\n".join(learning.report()))
        print("\n" + "\n".join(promises.report()))
    print(f"\n{time.monotonic() - started:.0f} seconds.")


def _contradictions(limit: int) -> None:
    print(
        f"Planted contradictions: {len(tuning_cases())} cases to tune on, {len(held_out_cases())} held out."
    )
    for name, cases in (("tuned on", tuning_cases()), ("held out", held_out_cases())):
        print(f"\nDeterministic checks {checks_version()}, {name}:")
        print("\n".join(table(tally(cases, check_by_rule))))
    mock = AgentChecker("mock", MockClient())
    result = tally(held_out_cases(), mock)
    print(f"\nConsistency agent {mock.version} with the mock model, held out:")
    print("\n".join(table(result)))
    _real_model(limit)


def _real_model(limit: int) -> None:
    key = os.environ.get("ANTHROPIC_API_KEY", "")
    if not key:
        print("\nNo real model was measured: ANTHROPIC_API_KEY is not set.")
        return
    model = os.environ.get("MODEL_CONSISTENCY", DEFAULT_MODEL)
    client = AnthropicClient(key, os.environ.get("ANTHROPIC_BASE_URL") or None)
    try:
        agent = AgentChecker(model, client)
        # A fixed stride covers every world and type.
        cases = held_out_cases()[:: max(1, len(held_out_cases()) // max(1, limit))][:limit]
        result = tally(cases, agent)
        print(f"\nConsistency agent {agent.version} with {model}, {len(cases)} held-out cases:")
        print("\n".join(table(result)))
        if agent.failures:
            print(f"  {len(agent.failures)} calls failed: {', '.join(agent.failures[:5])}")
    finally:
        client.close()


def _kinds() -> None:
    print(f"\nTexts by kind: {len(tuning_texts())} to tune on, {len(held_out_texts())} held out.")
    for name, texts in (("tuned on", tuning_texts()), ("held out", held_out_texts())):
        print(f"\nDeterministic checks {checks_version()}, by kind and language, {name}:")
        print("\n".join(kinds_table(score(texts))))


def _misses(kind: str) -> None:
    texts = [text for text in tuning_texts() if kind in ("", text.kind)]
    found = list(misses(texts))
    print("\n\n".join(found))
    print(f"\n{len(found)} of {len(texts)} texts are misjudged.")


def _confidence() -> None:
    judged = judge(labelled())
    defects = Counter(item.output.defect for item in judged if item.output.defect)
    right = sum(item.is_right for item in judged)
    print(f"\nConfidence, on {len(judged)} outputs of which {right} are right:")
    print(f"  {'score':<26}{'AUROC':>7}{'ECE':>7}{'Brier':>7}   wrong among the most confident")
    shares = "".join(f"{coverage:>7.0%}" for coverage in COVERAGES)
    print(f"  {'':<47}   {shares}")
    ours, plain, with_names = compare(judged)
    rows = (("ours", ours), ("length and completeness", plain), ("… and requested names", with_names))
    for name, row in rows:
        print(_row(name, row))
    if (learned := calibrated(judged)) is not None:
        print(
            f"  learned from verdicts, cross-fitted: Brier {learned.brier_of_score:.3f} → "
            f"{learned.brier_of_learned:.3f}, AUROC {learned.auroc_of_score:.3f} → {learned.auroc_of_learned:.3f}"
        )
    print("  detected by ours (confidence below 0.75):")
    for defect, count in sorted(defects.items()):
        detected = sum(item.output.defect == defect and item.ours < 0.75 for item in judged)
        print(f"    {defect:<20}{detected:>4} of {count}")
    alarms = sum(item.is_right and item.ours < 0.75 for item in judged)
    print(f"    {'(right ones)':<20}{alarms:>4} of {right}")


def _row(name: str, row: Figures) -> str:
    risks = "".join(f"{risk:>7.1%}" for risk in row.risks)
    return f"  {name:<26}{row.auroc:>7.3f}{row.ece:>7.3f}{row.brier:>7.3f}   {risks}"


if __name__ == "__main__":
    main()
