"""Place, level of the court and legal regime of a case."""

import pytest

from panjue.analysis.setting import setting
from panjue.extractors.record import Case


@pytest.mark.parametrize(
    ("number", "court", "province", "region", "level", "city"),
    [
        ("（2019）浙0102刑初429号", "杭州市上城区人民法院", "浙江省", "east", "basic", "杭州"),
        ("（2019）粤0306刑初12号", "深圳市宝安区人民法院", "广东省", "east", "basic", "深圳"),
        ("（2019）粤0604刑初12号", "佛山市禅城区人民法院", "广东省", "east", "basic", None),
        ("（2020）京02刑终7号", "北京市第二中级人民法院", "北京市", "east", "intermediate", "北京"),
        ("（2020）云刑终7号", "云南省高级人民法院", "云南省", "west", "high", None),
        ("（2020）兵0101刑初7号", None, "新疆生产建设兵团", "west", "basic", None),
        ("（2015）临刑初字第91号", "湖北省武汉市洪山区人民法院", "湖北省", "central", "basic", "武汉"),
        ("（2015）旅刑初字第9号", "大连市旅顺口区人民法院", None, None, "basic", "大连"),
        ("（2021）最高法刑核1号", "中华人民共和国最高人民法院", None, None, "supreme", None),
        (None, None, None, None, None, None),
    ],
)
def test_place(
    number: str | None,
    court: str | None,
    province: str | None,
    region: str | None,
    level: str | None,
    city: str | None,
) -> None:
    here = setting(Case(case_number=number, court=court))
    assert (here.province, here.economic_region, here.court_level, here.pilot_city) == (province, region, level, city)


def test_the_procuratorate_tells_the_province_where_nothing_else_does() -> None:
    case = Case(case_number="（2014）临刑初字第9号", court="临溪县人民法院", procuratorate="贵州省临溪县人民检察院")
    assert setting(case).province == "贵州省"


@pytest.mark.parametrize(
    ("date", "code", "regime"),
    [
        ("2014-08-21", "浙01", "before_pilots"),
        ("2014-08-22", "浙01", "pilot_expedited"),
        ("2014-08-22", "浙02", "outside_pilots"),
        ("2016-11-11", "浙01", "pilot_leniency"),
        ("2018-10-25", "浙01", "pilot_leniency"),
        ("2018-10-25", "浙02", "outside_pilots"),
        ("2018-10-26", "浙02", "statute"),
        (None, "浙02", None),
    ],
)
def test_regime_changes_on_the_day(date: str | None, code: str, regime: str | None) -> None:
    assert setting(Case(case_number=f"（2016）{code}刑终9号", judgment_date=date)).regime == regime
