"""The path of a job: throughput, cost and pick-up time, beside other systems that ask the same model."""
