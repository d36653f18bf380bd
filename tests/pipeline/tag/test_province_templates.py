"""Sentence patterns over all 34 + 63 names: what holds for one province holds for every one."""

from __future__ import annotations

from dataclasses import dataclass

import pytest

from models.tags import Role
from pipeline.vietnamese import strip_marks
from tests.pipeline.tag.places import gazetteer, tag

ABOUT, MENTIONED, NOTHING = "about", "mentioned", "nothing"


@dataclass(frozen=True)
class Pattern:
    """Titles and bodies with `{n}` (with tones), `{e}` (English), `{p}` (toneless), `{N}`,
    `{E}` (capitals)."""

    name: str
    lang: str
    expected: str
    texts: tuple[tuple[str, str], ...]


PATTERNS = (
    Pattern("person with surname", "vi", NOTHING, (
        ("Nghệ sĩ Trần {n} nhận giải", "Tối qua, nghệ sĩ Trần {n} nhận giải về đóng góp cho sân khấu."),
        ("Gặp lại thầy Nguyễn Văn {n}", "Thầy Nguyễn Văn {n} dạy toán ba mươi năm. Trò cũ vẫn ghé thăm."),
        ("Bác sĩ Lê {n} và ca mổ hiếm", "Bác sĩ Lê {n} thực hiện ca mổ trong bốn giờ."),
        ("Kỳ thủ Phạm {n} vào bán kết", "Kỳ thủ Phạm {n} thắng ván quyết định."),
        ("Sách mới của Đỗ {n}", "Nhà văn Đỗ {n} kể chuyện tuổi thơ."),
    )),
    Pattern("person in English", "en", NOTHING, (
        ("Painter Nguyen {e} opens solo show", "Painter Nguyen {e} has opened her first solo show."),
        ("Chess player Tran {e} wins", "Chess player Tran {e} won the final game."),
        ("Doctor Pham {e} honoured", "Doctor Pham {e} was honoured for a rare operation."),
        ("Novel by Le {e} translated", "A novel by Le {e} has been translated into French."),
        ("Coach Hoang {e} resigns", "Coach Hoang {e} resigned on Monday for health reasons."),
    )),
    Pattern("street", "vi", NOTHING, (
        ("Đào đường {n} để thay ống nước", "Đội thi công đào đường {n} để thay ống nước."),
        ("Quán nhỏ trên phố {n}", "Quán cà phê nhỏ trên phố {n} chỉ có tám ghế."),
        ("Chặt cây trên đại lộ {n}", "Hàng cây trên đại lộ {n} bị chặt vì mục gốc."),
        ("Cháy nhà trong ngõ {n}", "Căn nhà trong ngõ {n} bốc cháy, không ai bị thương."),
        ("Kẹt xe ở đường {n}", "Đường {n} kẹt cứng vào giờ tan tầm."),
    )),
    Pattern("street in English", "en", NOTHING, (
        ("Cafe on {e} Street wins fans", "A tiny cafe on {e} Street has won fans."),
        ("Trees cut on {e} Road", "Old trees on {e} Road were cut after a storm."),
        ("Crash on {e} Avenue", "Two cars crashed on {e} Avenue before dawn."),
        ("Works start on {e} Boulevard", "Drainage works have started on {e} Boulevard."),
        ("Shop robbed on {e} Street", "A jewellery shop on {e} Street was robbed."),
    )),
    Pattern("organisation", "vi", NOTHING, (
        ("Đại học {n} tăng học phí", "Đại học {n} vừa công bố mức học phí mới."),
        ("Ngân hàng TMCP {n} giảm lãi suất", "Ngân hàng TMCP {n} giảm lãi suất cho vay mua nhà."),
        ("Công ty Cổ phần Dược {n} chia cổ tức", "Công ty Cổ phần Dược {n} chia cổ tức 20%."),
        ("Tập đoàn {n} đổi biểu trưng", "Tập đoàn {n} vừa đổi biểu trưng sau mười năm."),
        ("Học viện {n} tuyển sinh", "Học viện {n} tuyển 300 sinh viên ngành dữ liệu."),
    )),
    Pattern("organisation in English", "en", NOTHING, (
        ("{e} University opens lab", "{e} University has opened a lab for battery research."),
        ("{e} Bank cuts rates", "{e} Bank has cut its lending rates."),
        ("{e} Medical University hires", "{e} Medical University has hired 12 scientists."),
        ("{e} Cement posts profit", "{e} Cement posted a higher profit in the quarter."),
        ("University of {e} ranks higher", "The University of {e} rose in a global ranking."),
    )),
    Pattern("newspaper", "vi", NOTHING, (
        ("Phóng viên Báo {n} đoạt giải", "Phóng viên Báo {n} đoạt giải nhì cuộc thi ảnh."),
        ("Báo {n} ra chuyên trang mới", "Báo {n} vừa ra chuyên trang khoa học."),
        ("Đài {n} phát sóng phim mới", "Đài {n} phát sóng bộ phim 20 tập."),
        ("Tạp chí {n} tròn mười tuổi", "Tạp chí {n} kỷ niệm mười năm ra số đầu."),
        ("Bạn đọc gửi tiền về báo {n}", "Bạn đọc gửi tiền giúp bệnh nhi qua báo {n}."),
    )),
    Pattern("dish", "vi", NOTHING, (
        ("Quán bún bò {n} đông khách", "Quán bún bò {n} phục vụ 300 tô mỗi ngày."),
        ("Phở {n} trong bảng xếp hạng", "Phở {n} đứng thứ ba trong bảng xếp hạng món nước."),
        ("Học làm nem chua {n}", "Lớp dạy làm nem chua {n} kín chỗ."),
        ("Bánh mì {n} giá hai mươi nghìn", "Xe bánh mì {n} bán hết trước chín giờ."),
        ("Cơm tấm {n} kiểu mới", "Đầu bếp biến tấu cơm tấm {n} với rau củ."),
    )),
    Pattern("venue", "vi", MENTIONED, (
        ("Bàn cách giữ chân kỹ sư trẻ", "Tại hội thảo tổ chức ở {n}, chuyên gia bàn cách giữ kỹ sư."),
        ("Công bố chỉ số hạnh phúc", "Buổi công bố chỉ số hạnh phúc diễn ra tại {n} sáng nay."),
        ("Triển lãm tranh khắc gỗ", "Triển lãm tranh khắc gỗ khai mạc tại {n} với 80 tác phẩm."),
        ("Trao giải thưởng kiến trúc", "Lễ trao giải thưởng kiến trúc được tổ chức tại {n} tối qua."),
        ("Diễn đàn về dữ liệu mở", "Phát biểu tại diễn đàn ở {n}, diễn giả kêu gọi mở dữ liệu."),
    )),
    Pattern("venue in English", "en", MENTIONED, (
        ("Experts discuss engineer shortage", "At a workshop held in {e}, experts discussed the shortage."),
        ("Index of happiness released", "The index was released at a press conference in {e} on Monday."),
        ("Woodcut exhibition opens", "An exhibition of woodcuts opened in {e} with 80 works."),
        ("Architects win awards", "The awards ceremony took place in {e} on Sunday night."),
        ("Speakers call for open data", "Speakers at a forum in {e} called for open data."),
    )),
    Pattern("dateline", "vi", MENTIONED, (
        ("Nghị định về dữ liệu", "{N} (TTXVN) - Chính phủ ban hành nghị định về dữ liệu."),
        ("Xuất khẩu gạo tăng", "{n} (TTXVN) – Xuất khẩu gạo tăng 6% trong nửa đầu năm."),
        ("Luật mới về đất đai", "{N} – Quốc hội thông qua luật mới về đất đai."),
        ("Giá cà phê thế giới lên", "{N} (TTXVN) — Giá cà phê thế giới lên mức cao nhất bốn năm."),
        ("Dự báo thời tiết tuần tới", "{N} (VNA) - Không khí lạnh tăng cường vào giữa tuần."),
    )),
    Pattern("abroad", "vi", NOTHING, (
        ("Động đất ở tỉnh {n} của Trung Quốc", "Trận động đất xảy ra ở tỉnh {n} của Trung Quốc."),
        ("Khai quật mộ cổ", "Các nhà khảo cổ khai quật mộ cổ ở {n}, Trung Quốc."),
        ("Tàu cao tốc qua {n} (Trung Quốc)", "Tuyến tàu cao tốc qua {n} (Trung Quốc) chạy thử."),
        ("Nhà máy pin ở {n}, Trung Quốc", "Nhà máy pin ở {n}, Trung Quốc tuyển 5.000 người."),
        ("Lũ lớn ở {n} của Trung Quốc", "Mưa to gây lũ lớn ở {n} của Trung Quốc."),
    )),
    Pattern("subject", "vi", ABOUT, (
        ("{n} xây thêm trường học", "Tỉnh {n} duyệt kinh phí xây thêm trường học."),
        ("Phát hiện bộ xương cá voi", "Người dân ở {n} vừa phát hiện bộ xương cá voi."),
        ("Bắt nhóm trộm cáp điện", "Công an {n} bắt nhóm chuyên trộm cáp điện."),
        ("Khánh thành cầu treo", "UBND tỉnh {n} khánh thành cầu treo dài 90 m."),
        ("{N} XÂY THÊM TRƯỜNG HỌC", "Tỉnh {n} duyệt kinh phí xây thêm trường học."),
    )),
    Pattern("subject in English", "en", ABOUT, (
        ("{e} builds new schools", "{e} province has approved funds for new schools."),
        ("Whale bones found", "Residents in {e} have found whale bones on a farm."),
        ("{e}'s farmers try drones", "{e}'s farmers are trying drones. The province pays half."),
        ("Cable thieves caught", "{e} police have caught a gang of cable thieves."),
        ("New bus route opens", "A new bus route opened in {e} on Monday."),
    )),
    Pattern("subject without tones", "vi", ABOUT, (
        ("{p} xay them truong hoc", "Tinh {p} duyet kinh phi xay them truong hoc."),
        ("Phat hien bo xuong ca voi", "Nguoi dan o tinh {p} vua phat hien bo xuong ca voi."),
        ("Bat nhom trom cap dien", "Cong an {p} bat nhom chuyen trom cap dien."),
        ("Khanh thanh cau treo", "UBND tinh {p} khanh thanh cau treo dai 90 m."),
        ("{p} mo lop day boi", "Tinh {p} mo lop day boi mien phi cho tre em."),
    )),
)  # fmt: skip

# The bare name of the President says nothing of the city, so it is no instance of most patterns.
_PERSONS_NAME = "Hồ Chí Minh"


def _units() -> list[tuple[str, str, str]]:
    places = gazetteer()
    current = [(u.name, u.name_en, u.code) for u in places.current.values() if u.name != _PERSONS_NAME]
    old = [(u.name, u.name_en, u.relatives[0]) for u in places.former.values() if u.name != _PERSONS_NAME]
    return list(dict.fromkeys([*current, *old]))


@pytest.mark.parametrize("pattern", PATTERNS, ids=lambda pattern: pattern.name)
def test_a_pattern_is_read_alike_with_every_name(pattern: Pattern) -> None:
    wrong, total = [], 0
    for name, english, code in _units():
        forms = {"n": name, "e": english, "p": strip_marks(name), "N": name.upper(), "E": english.upper()}
        for title, body in pattern.texts:
            tags, _ = tag(title.format(**forms), body.format(**forms), lang=pattern.lang)
            found = {(t.code[5:], str(t.role)) for t in tags}
            expected = set() if pattern.expected == NOTHING else {(code, pattern.expected)}
            total += 1
            if found != expected or any(t.role != Role.ABOUT and t.old_codes for t in tags):
                wrong.append((title.format(**forms), body.format(**forms), sorted(found)))
    assert total >= 300
    assert len(wrong) <= total * 0.01, wrong[:8]
