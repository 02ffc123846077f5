"""The rules on which the folders, modules and imports of the project agree."""

from __future__ import annotations

import ast
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from conftest_paths import ROOT
