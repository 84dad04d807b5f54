"""The chain benchmark: questions with options that give nothing away, chains in several modes, baselines, scores."""

from terrascope_sdk.evaluate.bench.command import run_bench
from terrascope_sdk.evaluate.bench.strangers import read_strangers, score_strangers

__all__ = ["read_strangers", "run_bench", "score_strangers"]
