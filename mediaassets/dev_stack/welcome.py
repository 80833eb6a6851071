"""The text that `make up` prints once everything runs."""

from __future__ import annotations

import json
import os
import shlex
from pathlib import Path


def welcome(site: str, password: str, data_dir: Path) -> str:
    has_key = bool(os.environ.get("ANTHROPIC_API_KEY", "").strip())
    model = (
        "Anthropic (ANTHROPIC_API_KEY is set)."
        if has_key
        else "built-in mock (no ANTHROPIC_API_KEY); every output is labelled as mock."
    )
    return f"""
  Studio, to write    {site}/studio/      sign in as creator
  Admin, to review    {site}/admin/       sign in as reviewer, demo-lead or admin
  API, for programs   {site}/docs
  Password of all     {password}
  Model: {model}
  Data and logs       {data_dir}

  Submit a job:

{curl_line(site, password)}

  Ctrl-C stops everything.
"""


def curl_line(site: str, password: str) -> str:
    """Return a shell command that signs in as the demo's creator and submits a narrative job."""
    sign_in = shlex.quote(json.dumps({"username": "creator", "password": password}))
    job = {"agent_type": "narrative", "input_data": {"prompt": "A storm reaches the lighthouse."}}
    as_json = "-H 'Content-Type: application/json' -d"
    token = f'curl -s {site}/auth/token {as_json} {sign_in} | sed \'s/.*"access":"\\([^"]*\\)".*/\\1/\''
    submit = f"{as_json} {shlex.quote(json.dumps(job))}"
    return f'curl -s {site}/agents/jobs -H "Authorization: Bearer $({token})" {submit}'
