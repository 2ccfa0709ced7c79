"""An encrypted cluster, with the certificates and the configuration of the how-to."""

import os
import shutil
import subprocess
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import dask
import distributed  # noqa: F401 - its defaults must be there before one is changed
import pytest
import yaml

from storesim.experiment.cluster import ClusterError, Patience, cluster_executor

HOW_TO = Path(__file__).parents[2] / "docs" / "how-to" / "run-on-a-cluster.md"

pytestmark = pytest.mark.skipif(
    not shutil.which("openssl") and "CI" not in os.environ, reason="the how-to makes certificates with openssl"
)


def block(language: str) -> str:
    """Return the how-to's block in this language."""
    return HOW_TO.read_text(encoding="utf-8").partition(f"\n```{language}\n")[2].partition("\n```")[0]


@pytest.fixture(scope="module")
def config(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The how-to's configuration of Dask, in a folder with its certificates."""
    folder = tmp_path_factory.mktemp("tls")
    subprocess.run(["bash", "-euc", block("bash")], cwd=folder, check=True, capture_output=True)
    file = folder / "tls.yaml"
    file.write_text(block("yaml").replace("/etc/dask", str(folder)))
    return file


@pytest.fixture(scope="module")
def encrypted(make_cluster, config: Path):
    return make_cluster(workers=1, protocol="tls", DASK_CONFIG=str(config))


def use(address: str, tls: Mapping[str, Any]) -> int:
    """Use a cluster while Dask's configuration says this of the client's certificates."""
    client = {f"client.{name}": path for name, path in tls.get("client", {}).items()}
    said = {"ca-file": tls.get("ca-file"), **client}
    with (
        dask.config.set({f"distributed.comm.tls.{name}": path for name, path in said.items()}),
        cluster_executor(address, Patience(start_s=3.0)) as executor,
    ):
        return executor.submit(len, "abc").result()


def test_who_has_the_certificates_gets_in(encrypted, config: Path) -> None:
    assert encrypted.address.startswith("tls://")
    assert use(encrypted.address, yaml.safe_load(config.read_text())["distributed"]["comm"]["tls"]) == 3


def test_certificates_may_stand_in_the_configuration_itself(encrypted, config: Path) -> None:
    """As those of a managed service do."""
    ca, cert, key = ((config.parent / name).read_text() for name in ("ca.pem", "cert.pem", "key.pem"))
    assert use(encrypted.address, {"ca-file": ca, "client": {"cert": cert, "key": key}}) == 3


def test_who_has_none_is_told(encrypted) -> None:
    with pytest.raises(ClusterError, match=r"^tls:// needs certificates; set DASK_DISTRIBUTED__COMM__TLS__CA_FILE, "):
        use(encrypted.address, {})
    with pytest.raises(ClusterError, match=r"nobody does, or it is a tls:// one$"):
        use(encrypted.address.replace("tls", "tcp"), {})


@pytest.mark.parametrize(
    ("authority", "says"),
    [
        ("missing.pem", "certificates that Dask's configuration names cannot be used"),
        ("cert.pem", "certificates do not fit"),
    ],
)
def test_who_has_others_is_told(encrypted, config: Path, authority: str, says: str) -> None:
    authority, cert, key = (str(config.parent / name) for name in (authority, "cert.pem", "key.pem"))
    with pytest.raises(ClusterError, match=says):
        use(encrypted.address, {"ca-file": authority, "client": {"cert": cert, "key": key}})
