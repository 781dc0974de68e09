"""The list of addresses: what is shipped, and one clear sentence for whatever an operator can get wrong in it."""

from contextlib import suppress
from pathlib import Path

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from bot.codes.addresses import SHIPPED, Address, file_name, load_addresses
from bot.codes.release import FileFault
from bot.core.codes import System
from tests.codes.files import written

GOOD = """
addresses:
  - system: "ICD-10-CM"
    what: "tabular list and index"
    release: "FY2027"
    url: "https://www.cms.gov/files/zip/2027-code-tables-tabular-index.zip"
    page: "https://www.cms.gov/medicare/coding-billing/icd-10-codes"
    at_least: 10_000_000
"""


def fault(folder: Path, text: str | bytes) -> str:
    path = written(folder, "addresses.yaml", text)
    with pytest.raises(FileFault) as caught:
        load_addresses(path)
    said = str(caught.value)
    assert said.startswith("addresses.yaml: ")
    assert "\n" not in said
    return said.removeprefix("addresses.yaml: ")


def test_what_is_shipped_names_each_public_set_once_with_a_page_to_look_it_up_on():
    found = load_addresses(SHIPPED)
    assert [address.system for address in found] == [System.ICD10CM, System.ICD10PCS, System.HCPCS]
    for address in found:
        assert address.url.startswith("https://www.cms.gov/files/zip/")
        assert address.page is not None
        assert address.page.startswith("https://www.cms.gov/")
        assert 100_000 <= address.at_least < 22_059_093
        assert any(part.lower() in address.url for part in address.release.removeprefix("FY").split())


def test_a_list_is_read(tmp_path: Path):
    [address] = load_addresses(written(tmp_path, "addresses.yaml", GOOD))
    assert (address.system, address.at_least) == (System.ICD10CM, 10_000_000)
    assert str(address) == "ICD-10-CM FY2027, tabular list and index"


CHANGES = {
    "no release": ('    release: "FY2027"\n', "", "address 1, release: is missing"),
    "release as a number": ('"FY2027"', "2027", "address 1, release: is no text; put it in quotes"),
    "empty": ('"FY2027"', '" "', "address 1, release: is empty"),
    "misspelt field": ("release:", "relase:", "address 1, relase: is none of the fields of an address"),
    "unknown set": ('"ICD-10-CM"', '"ICD-11"', "system: write one of ICD-10-CM, ICD-10-PCS, HCPCS Level II"),
    "set as a list": ('"ICD-10-CM"', "[ICD-10-CM]", "system: write one of"),
    "cpt": ('"ICD-10-CM"', '"CPT"', "system: CPT is licensed and is never fetched"),
    "no encryption": ("https://www.cms.gov/files", "http://www.cms.gov/files", "url: must begin with https://"),
    "a path": ("https://www.cms.gov/files", "/files", "url: is no address such as"),
    "a file": ("https://www.cms.gov/files", "file:///files", "url: is no address such as"),
    "a space": ("2027-code", "2027 code", "url: is no address such as"),
    "a folder": ("2027-code-tables-tabular-index.zip", "", "url: ends in no file name"),
    "a password": ("https://www.cms.gov/files", "https://me:x@www.cms.gov/files", "url: holds a user name"),
    "a bad port": ("https://www.cms.gov/files", "https://www.cms.gov:port/files", "url: can't be read as an address"),
    "a bad page": ("https://www.cms.gov/medicare", "www.cms.gov/medicare", "page: is no address such as"),
    "a size in words": ("10_000_000", "10 MB", "at_least: is no whole number"),
    "a size below nothing": ("10_000_000", "-1", "at_least: Input should be greater than or equal to 0"),
    "no list": ("addresses:", "address:", "addresses: is missing"),
    "an odd indent": ("    what:", "  what:", "line"),
    "a lost quote": ('FY2027"', "FY2027", "is not readable as YAML"),
}


@pytest.mark.parametrize("change", CHANGES)
def test_a_mistake_is_said_with_its_place(tmp_path: Path, change: str):
    before, after, said = CHANGES[change]
    assert before in GOOD
    assert said in fault(tmp_path, GOOD.replace(before, after, 1))


def test_all_mistakes_are_said_at_once(tmp_path: Path):
    said = fault(tmp_path, GOOD.replace('"FY2027"', "2027").replace("https://www.cms.gov/files", "ftp://x"))
    assert "address 1, release" in said
    assert "address 1, url" in said


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "begins with no line `addresses:`"),
        ("- just a list", "begins with no line `addresses:`"),
        ("addresses: []", "addresses: holds no address"),
        ("addresses: 7", "addresses: is no list"),
        ("addresses: [7]", "address 1: is no address with fields"),
        ("addresses: !!python/object/apply:os.system [ls]", "line 1: is not readable as YAML"),
        ("addresses: 2026-02-30", "is not readable as YAML"),
        ("addresses: [" * 5000, "is not readable as YAML"),
        ("[" * 20_000 + "]" * 20_000, "is not readable as YAML"),
        (b"addresses: \xff", "is not UTF-8 text"),
        ("#" * 100_001, "is larger than 100,000 bytes"),
    ],
)
def test_what_is_no_list_of_addresses_is_refused(tmp_path: Path, text: str | bytes, said: str):
    assert said in fault(tmp_path, text)


def test_a_forgotten_dash_is_seen(tmp_path: Path):
    copy = GOOD.partition("addresses:\n")[2].replace("  - system", "    system").replace("2027", "2028")
    assert "system is given 2 times in one address; does a dash before the next one lack?" in fault(
        tmp_path, GOOD + copy
    )


def test_the_same_address_twice_is_refused(tmp_path: Path):
    assert "is given 2 times" in fault(tmp_path, GOOD + GOOD.partition("addresses:\n")[2])


def test_a_file_that_is_not_there_is_said(tmp_path: Path):
    with pytest.raises(FileFault, match=r"addresses.yaml: can't be read \(No such file or directory\)"):
        load_addresses(tmp_path / "addresses.yaml")


@pytest.mark.parametrize(
    ("url", "name"),
    [
        ("https://h/a/HCPC2026_OCT_ANWEB.txt", "HCPC2026_OCT_ANWEB.txt"),
        ("https://h/a/icd10cm-Code%20Descriptions-2026.zip?x=1", "icd10cm-Code Descriptions-2026.zip"),
        ("https://h/a/%2e%2e%2f%2e%2e%2fetc%2fpasswd", "passwd"),
        ("https://h/a/..%5C..%5Cx.zip", "_.._x.zip"),
        ("https://h/a/.zip", "zip"),
        ("https://h/a/" + "x" * 500 + ".zip", "x" * 116 + ".zip"),
        ("https://h/", ""),
    ],
)
def test_a_file_is_named_by_the_end_of_its_address(url: str, name: str):
    assert file_name(url) == name


@given(st.text(max_size=60))
def test_no_address_leads_out_of_its_folder(text: str):
    try:
        address = Address(system=System.HCPCS, what="x", release="x", url=f"https://host/{text}")
    except ValueError:
        return
    name = file_name(address.url)
    assert name not in ("", ".", "..")
    assert not set(name) & {"/", "\\", "\0", ":"}


VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=9) | st.sampled_from(["ICD-10-CM", "https://h/x.zip"]),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(
        st.sampled_from(["addresses", "system", "what", "release", "url", "page", "at_least", "x"]), inner, max_size=6
    ),
    max_leaves=20,
)  # fmt: skip


@given(VALUES)
def test_whatever_stands_there_raises_nothing_but_faults(tmp_path_factory: pytest.TempPathFactory, value: object):
    path = written(tmp_path_factory.getbasetemp(), "addresses.yaml", yaml.safe_dump({"addresses": value}))
    with suppress(FileFault):
        load_addresses(path)
