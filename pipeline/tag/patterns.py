"""Sentence patterns over all names of units: what holds for one province must hold for every one.

Each family of traps has sentences with places left open. Filled with every name of the 34 and 63 units they
show whether a rule knows the language or only a name.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from models.tags import ProvinceTag, Taggable
from pipeline.tag.gazetteer import Gazetteer
from pipeline.vietnamese import strip_marks

ABOUT, MENTIONED, NOTHING = "about", "mentioned", "nothing"
_DAY = datetime(2026, 5, 5, tzinfo=UTC)
_PERSONS_NAME = "Hồ Chí Minh"
"""The bare name of the President says nothing of the city, so it is no instance of most patterns."""


@dataclass(frozen=True)
class Pattern:
    """Titles and bodies with `{n}` (name with tones), `{e}` (English), `{p}` (toneless), `{N}`, `{E}`
    (capitals). `{m}`, `{o}`, `{f}` and `{g}` (both English) are other units. `expected` is what
    becomes of the first (one of several where the rules leave it open), `other` of the others."""

    name: str
    lang: str
    expected: str | tuple[str, ...]
    texts: tuple[tuple[str, str], ...]
    other: str = NOTHING


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
    Pattern("dealing with a country", "vi", ABOUT, (
        ("{n} xây thêm trường học", "UBND tỉnh {n} xây thêm trường học. Tuyến bay {n} - Hàn Quốc mở lại."),
        ("Bắt nhóm trộm cáp điện", "Công an tỉnh {n} bắt bốn nghi phạm, trong đó có ba người Trung Quốc."),
        ("{n} mở thêm bệnh viện", "Tỉnh {n} mở thêm bệnh viện. Sinh viên {n} ở Hàn Quốc gửi quà mừng."),
        ("{n}, Nhật Bản ký biên bản", "Lãnh đạo tỉnh {n} nói hợp tác {n} - Nhật Bản sẽ được mở rộng."),
        ("Nhà máy lớn nhất Đông Nam Á", "UBND tỉnh {n} cấp phép cho nhà máy giấy lớn nhất Đông Nam Á."),
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
    Pattern("dish in English", "en", NOTHING, (
        ("A stall of {e}-style noodles opens in Oslo", "A stall of {e}-style noodles has opened in Oslo."),
        ("How to cook {e} beef noodles", "Soak the bones overnight. Serve {e} beef noodles with lime."),
        ("Diner adds {e} pancakes", "A diner in Toronto has added {e} pancakes to its menu."),
        ("Queue for {e} noodle soup", "Guests queue an hour for {e} noodle soup in Prague."),
        ("{e} rice cake tops poll", "{e} rice cake topped a poll of snacks."),
    )),
    Pattern("newspaper in English", "en", NOTHING, (
        ("{e} Newspaper wins press prize", "{e} Newspaper won a press prize for a series on bees."),
        ("Reporters of {e} Newspaper honoured", "Three reporters of {e} Newspaper were honoured."),
        ("{e} Newspaper goes digital", "{e} Newspaper has launched a page in English."),
        ("Photo book by {e} Newspaper", "{e} Newspaper has published a book of photographs."),
        ("Readers of {e} Newspaper give blood", "Readers of {e} Newspaper gave 300 units of blood."),
    )),
    Pattern("dateline in English", "en", MENTIONED, (
        ("Decree on data issued", "{E} (VNA) - The government has issued a decree on data."),
        ("Rice exports rise", "{E} — Rice exports rose 6% in the first half of the year."),
        ("New land law passed", "{E} (VNS) — Lawmakers passed a new land law."),
        ("Coffee prices climb", "{E} (VNA) – World coffee prices climbed to a four-year high."),
        ("Interest rates unchanged", "{E} — The central bank left interest rates unchanged."),
    )),
    Pattern("firm of a trade", "vi", NOTHING, (
        ("Xổ số {n} đổi mẫu vé", "Công ty Xổ số kiến thiết {n} đổi mẫu vé từ tháng 8."),
        ("Cổ phiếu Xi măng {n} tăng trần", "Cổ phiếu của Xi măng {n} tăng trần phiên thứ ba."),
        ("Nhựa {n} chia cổ tức 30%", "Cổ đông của Nhựa {n} thông qua cổ tức 30%."),
        ("Dược {n} báo lãi kỷ lục", "Quý III, Dược {n} báo lãi sau thuế kỷ lục."),
        ("Hai hãng cùng tăng giá", "Hai hãng lớn là Nhựa Tiền Phong và Nhựa {n} cùng tăng giá bán."),
    )),
    Pattern("thing named after a place", "vi", NOTHING, (
        ("Khách sạn {n} đổi chủ", "Khách sạn {n} được bán cho một quỹ nước ngoài."),
        ("Nhà hàng {n} ở Berlin đóng cửa", "Nhà hàng {n} ở Berlin đóng cửa vì thiếu đầu bếp."),
        ("Ca khúc {n} đoạt giải", "Ca khúc {n} của nhóm nhạc trẻ đoạt giải nhất."),
        ("Quán {n} giữa lòng Tokyo", "Quán {n} giữa lòng Tokyo mỗi tối đón trăm khách."),
        ("Chung cư {n} thay thang máy", "Ban quản trị chung cư {n} thay bốn thang máy."),
    )),
    Pattern("art or product abroad", "vi", (NOTHING, MENTIONED), (
        ("Gốm {n} lên sàn đấu giá Paris", "Ba chiếc bình gốm {n} lên sàn đấu giá Paris."),
        ("Người Pháp mê lụa {n}", "Nhà thiết kế Pháp đưa lụa {n} lên sàn diễn Paris."),
        ("Xoài {n} vào siêu thị Nhật Bản", "Lô xoài {n} đầu tiên lên kệ siêu thị ở Tokyo, Nhật Bản."),
        ("Học hát dân ca {n} ở Seoul", "Lớp dạy dân ca {n} mở ở Seoul, Hàn Quốc."),
        ("Gạo {n} được giá ở Singapore", "Gạo {n} đắt hàng trong siêu thị Singapore."),
    )),
    Pattern("battle", "vi", NOTHING, (
        ("Hồi ký về trận {n} năm 1968", "Cựu binh kể lại trận {n} trong cuốn hồi ký mới."),
        ("Phim tài liệu về chiến dịch {n}", "Phim tài liệu kể lại chiến dịch {n} qua lời nhân chứng."),
        ("Sách mới về khởi nghĩa {n}", "Cuốn sách kể lại khởi nghĩa {n} bằng tranh."),
        ("Bức ảnh chụp ở {n} năm 1972", "Bức ảnh chụp một người mẹ ở {n} năm 1972 được tìm thấy."),
        ("Ký ức chiến trường {n}", "Ông kể về những năm ở chiến trường {n} với đồng đội."),
    )),
    Pattern("club alone", "vi", MENTIONED, (
        ("CLB {n} có huấn luyện viên mới", "CLB {n} ký hợp đồng hai năm với huấn luyện viên người Áo."),
        ("CLB {n} thua đậm ở Bangkok", "CLB {n} thua 0-4 trên đất Thái Lan ở vòng bảng."),
        ("Thủ môn CLB {n} treo găng", "Thủ môn của CLB {n} treo găng ở tuổi 38."),
        ("CLB {n} mượn tiền đạo", "CLB {n} mượn tiền đạo 20 tuổi đến hết mùa giải."),
        ("Án phạt cho CLB {n}", "Ban kỷ luật phạt CLB {n} 40 triệu đồng vì pháo sáng."),
    )),
    Pattern("guests and hosts", "vi", ABOUT, (
        ("CLB {m} thắng trên sân {n}", "CLB {m} thắng chủ nhà {n} 2-1 ở vòng 5 V-League trên sân {n}."),
        ("Chủ nhà {n} cầm hòa CLB {m}", "Chủ nhà {n} hòa CLB {m} 1-1 trên sân nhà ở vòng 9 V-League."),
        ("CLB {m} mất điểm trên sân {n}", "CLB {m} bị CLB {n} cầm hòa trên sân {n} ở giải hạng Nhất."),
        ("CLB {m} rời sân {n} với ba điểm", "Trên sân {n}, CLB {m} ghi hai bàn thắng ở phút bù giờ."),
        ("Khán giả {n} xem CLB {m} thua đậm", "CLB {m} thua 0-3 trên sân của đội chủ nhà {n} ở V-League."),
    ), MENTIONED),
    Pattern("goods shown elsewhere", "vi", ABOUT, (
        ("{n} quảng bá nông sản tại {m}", "Tỉnh {n} quảng bá nông sản tại {m} trong ba ngày."),
        ("{n} xúc tiến đầu tư ở {m}", "Tỉnh {n} tổ chức hội nghị xúc tiến đầu tư ở {m}."),
        ("{n} mở tuần hàng nông sản", "Tỉnh {n} mở tuần hàng nông sản tại {m} từ thứ sáu."),
        ("{n} tìm đầu ra cho trái cây", "Tại hội chợ ở {m}, tỉnh {n} ký 12 hợp đồng bán trái cây."),
        ("{n} giới thiệu tour mới", "Ngành du lịch {n} giới thiệu tour mới tại hội chợ ở {m}."),
    ), MENTIONED),
    Pattern("goods shown elsewhere, English", "en", ABOUT, (
        ("{e} seeks buyers at {f} fair", "{e} province brought 40 firms to a trade fair in {f}."),
        ("{e} courts investors in {f}", "{e} province courted investors at a forum in {f} on Monday."),
        ("{e} promotes tours", "{e} tourism officials held a roadshow in {f} this week."),
        ("{e} farmers sign deals", "Growers from {e} province signed 12 deals at an expo in {f}."),
        ("{e} showcases crafts", "{e} province showcased crafts at an exhibition in {f}."),
    ), MENTIONED),
    Pattern("origin of a person", "vi", MENTIONED, (
        ("Nữ sinh quê {n} giành học bổng Mỹ", "Nữ sinh quê {n} giành học bổng toàn phần ở Boston."),
        ("Chàng trai gốc {n} mở quán ở Berlin", "Chàng trai gốc {n} mở quán phở ở Berlin."),
        ("Ca ghép tim hy hữu", "Bệnh nhân nam (45 tuổi, quê {n}) vừa được ghép tim."),
        ("Nhà thơ trẻ ra sách", "Nhà thơ sinh ra ở {n} in tập thơ thứ ba."),
        ("Người thợ rèn cuối cùng", "Ông sinh ra tại {n}, theo cha học rèn từ năm mười tuổi."),
    )),
    Pattern("origin and place", "vi", ABOUT, (
        ("Bắt kẻ trộm xe ở {n}", "Công an {n} bắt nghi phạm 35 tuổi, quê {m}, trộm sáu xe máy."),
        ("Xe khách lao xuống vực ở {n}", "Xe khách biển số {m} lao xuống vực ở {n}, ba người bị thương."),
        ("Cứu người bị lạc ở {n}", "Công an {n} cứu một du khách (29 tuổi, trú {m}) bị lạc trong rừng."),
        ("Tòa {n} xử vụ lừa đảo", "TAND tỉnh {n} tuyên phạt bị cáo quê {m} sáu năm tù."),
        ("Ghép thận thành công ở {n}", "Bệnh viện tỉnh {n} ghép thận cho bệnh nhân quê {m}."),
    ), MENTIONED),
    Pattern("comparison", "vi", ABOUT, (
        ("{n} tăng giá đất", "Tỉnh {n} tăng giá đất lên mức cao hơn {m}."),
        ("{n} thu hút nhiều dự án", "Tỉnh {n} thu hút 40 dự án, chỉ sau {m}."),
        ("{n} đón thêm khách", "Tỉnh {n} đón 2 triệu khách, nhiều hơn {m}."),
        ("Trường học mới ở {n}", "Trường học mới ở {n} cách {m} 40 km."),
        ("{n} học cách làm hay", "Tỉnh {n} áp dụng cách làm giống như {m}."),
    ), MENTIONED),
    Pattern("ward named like a province", "vi", NOTHING, (
        ("Phường {n} mở chợ đêm", "Phường {n}, tỉnh {m} mở chợ đêm cuối tuần."),
        ("Xã {n} làm đường hoa", "Xã {n}, tỉnh {m} làm 3 km đường hoa."),
        ("Nông dân trúng mùa", "Nông dân xã {n}, tỉnh {m} trúng mùa dưa."),
        ("Lớp bơi miễn phí", "Phường {n} của tỉnh {m} mở lớp bơi miễn phí."),
        ("Chợ quê họp lại", "Chợ quê ở xã {n}, tỉnh {m} họp lại sau lũ."),
    ), ABOUT),
    Pattern("sobriquet", "vi", ABOUT, (
        ("'{m} thu nhỏ' giữa {n}", "Được gọi là '{m} thu nhỏ', hồ nước ở {n} đón khách quanh năm."),
        ("'{m} trên cạn' ở {n}", "Được ví như '{m} trên cạn', thung lũng ở {n} đang vào mùa lúa."),
        ("'{m} thứ hai' vắng khách", "Được ví như '{m} thứ hai', khu chợ ở tỉnh {n} vắng khách."),
        ("Lên '{m} thu nhỏ' xem hoa", "Được gọi là '{m} thu nhỏ', cao nguyên ở {n} đầy hoa."),
        ("{n} có '{m} thu nhỏ'", "Tỉnh {n} mở lối đi bộ ở nơi được gọi là '{m} thu nhỏ'."),
    ), MENTIONED),
    Pattern("two subjects", "vi", ABOUT, (
        ("{n} và {m} chung tay trồng rừng", "Hai tỉnh {n} và {m} trồng chung 500 ha rừng."),
        ("{n}, {m} làm cầu nối hai bờ", "Tỉnh {n} và tỉnh {m} làm cầu nối hai bờ sông."),
        ("Công an {n}, {m} phối hợp", "Công an {n} phối hợp Công an {m} bắt 12 người."),
        ("Bão vào {n} và {m}", "Bão số 4 đổ bộ {n} và {m} tối nay, hàng nghìn người sơ tán."),
        ("Động đất ở {n}, {m}", "Động đất 4,1 độ làm nhà cửa ở {n} và {m} rung lắc."),
    ), ABOUT),
    Pattern("examples of a national text", "vi", MENTIONED, (
        ("Giá heo hơi nhích nhẹ", "Giá heo cả nước nhích nhẹ. {n} 66.000 đồng, {m} 65.000 đồng, {o} 64.000."),
        ("Điểm thi cả nước", "Bộ công bố phổ điểm trên cả nước. Dẫn đầu là {n}, {m} và {o}."),
        ("Nắng nhẹ nhiều nơi", "Thời tiết cả nước ổn định. Nhiệt độ {n} 31 độ, {m} 30 độ, {o} 29 độ."),
        ("Tuyến phố đi bộ nở rộ", "Nhiều địa phương như {n}, {m}, {o} mở tuyến phố đi bộ."),
        ("Cả nước thêm bệnh viện", "Cả nước khởi công 20 bệnh viện, trong đó có {n}, {m}, {o}."),
    ), MENTIONED),
    Pattern("example that another follows", "vi", ABOUT, (
        ("{n} học kinh nghiệm của {m}", "Đoàn {n} học kinh nghiệm làm phố đi bộ của {m}."),
        ("{n} mở phố sách", "Tỉnh {n} mở phố sách sau khi học hỏi mô hình của {m}."),
        ("{n} giảm rác nhựa", "Tỉnh {n} học tập cách phân loại rác tại {m}."),
        ("{n} tham khảo cách làm", "Tỉnh {n} tham khảo kinh nghiệm chuyển đổi số từ tỉnh {m}."),
        ("{n} lập quỹ xe buýt", "Tỉnh {n} lập quỹ xe buýt, học theo {m}."),
    ), MENTIONED),
    Pattern("end of a video link", "vi", MENTIONED, (
        ("Bộ họp trực tuyến về dịch bệnh", "Phát biểu từ điểm cầu {n}, thứ trưởng yêu cầu tiêm phòng."),
        ("Giao ban chống khai thác trái phép", "Chủ trì tại điểm cầu {n}, bộ trưởng đòi xử nghiêm."),
        ("Họp trực tuyến về đất đai", "Đầu cầu {n} nối với 33 tỉnh trong cuộc họp về luật đất đai."),
        ("Hội thảo trực tuyến về lúa", "Các nhà khoa học dự hội thảo từ điểm cầu {n} bàn về giống lúa."),
        ("Tập huấn về luật mới", "Từ điểm cầu {n}, chuyên gia giải thích luật mới cho giáo viên."),
    )),
    Pattern("fair named after its place", "vi", ABOUT, (
        ("{n} mang xoài tới hội chợ {m}", "Tỉnh {n} mang xoài tới hội chợ OCOP {m}. Hàng hết sau hai ngày."),
        ("{n} dự hội sách {m}", "Tỉnh {n} dự hội sách {m} với 200 đầu sách."),
        ("{n} bán hết mật ong", "Tỉnh {n} bán hết mật ong tại phiên chợ {m}."),
        ("Hai hợp tác xã {n} đi hội chợ", "Hai hợp tác xã {n} bán chè tại hội chợ {m}."),
        ("{n} góp 12 gian hàng", "Tỉnh {n} góp 12 gian hàng tham gia triển lãm {m}."),
    ), MENTIONED),
    Pattern("cooperatives of a place", "vi", ABOUT, (
        ("{n} có thêm kho lạnh", "Các hợp tác xã {n} góp vốn xây kho lạnh."),
        ("Nông sản được bao tiêu", "Nhiều hợp tác xã {n} ký hợp đồng bao tiêu."),
        ("{n} bán nông sản qua mạng", "12 hợp tác xã {n} bán nông sản qua mạng."),
        ("{n} cấp mã vùng trồng", "Những hợp tác xã {n} đầu tiên được cấp mã vùng trồng."),
        ("Hai hợp tác xã {n} xuất khẩu chè", "Hai hợp tác xã {n} xuất khẩu chè sang châu Âu."),
    )),
    Pattern("a few among many", "en", MENTIONED, (
        ("Twenty places on green list", "A magazine named 20 green places, among them {e}, {f} and {g}."),
        ("New routes for the summer", "The airline opens nine routes, among them {e}, {f} and {g}."),
        ("Bank adds branches", "The bank adds 30 branches, among them {e}, {f} and {g}."),
        ("Choir goes on tour", "The choir sings in 12 towns, among them {e}, {f} and {g}."),
        ("Museum lends its drums", "The museum lends drums to ten cities, among them {e}, {f} and {g}."),
    ), MENTIONED),
    Pattern("related links below", "vi", ABOUT, (
        ("{n} mở lớp bơi", "Tỉnh {n} mở lớp bơi miễn phí.\nTin liên quan\n{m} có cầu mới\n{m} đón khách"),
        ("{n} trồng rừng", "Tỉnh {n} trồng 500 ha rừng.\nXem thêm: {m} bắt kẻ phá rừng"),
        ("{n} làm đường", "Tỉnh {n} làm đường.\nĐọc thêm\nLễ hội ở {m} hút khách\nChợ nổi {m} vắng ghe"),
        ("{n} sửa chợ", "Tỉnh {n} sửa chợ.\nNguồn: Báo {m}"),
        ("{n} xây trạm y tế", "Tỉnh {n} xây trạm y tế.\nTin khác\n{m}: xe tải lật giữa đường"),
    ), NOTHING),
)  # fmt: skip


@dataclass(frozen=True)
class Outcome:
    """One pattern over all names: sentences, those read as expected, some that were not."""

    name: str
    total: int
    right: int
    wrong: tuple[str, ...]


def unit_names(gazetteer: Gazetteer) -> list[tuple[str, str, str]]:
    """(name, English name, current code) of every unit of either scheme, each name once."""
    current = [(u.name, u.name_en, u.code) for u in gazetteer.current.values()]
    former = [(u.name, u.name_en, u.relatives[0]) for u in gazetteer.former.values()]
    return [unit for unit in dict.fromkeys([*current, *former]) if unit[0] != _PERSONS_NAME]


def instances(
    pattern: Pattern, units: Sequence[tuple[str, str, str]]
) -> Iterator[tuple[Taggable, tuple[str, ...]]]:
    """Each sentence of the pattern with each name in it, and the current codes that were put in."""
    for i, (name, english, code) in enumerate(units):
        others = [unit for unit in (*units[i + 7 :], *units) if unit[2] != code]
        second = others[0]
        third = next(unit for unit in others if unit[2] != second[2])
        forms = {
            "n": name,
            "e": english,
            "p": strip_marks(name),
            "N": name.upper(),
            "E": english.upper(),
            "m": second[0],
            "f": second[1],
            "o": third[0],
            "g": third[1],
        }
        for title, body in pattern.texts:
            used = [code] + [second[2]] * ("{m}" in title + body or "{f}" in title + body)
            used += [third[2]] * ("{o}" in body or "{g}" in body)
            article = Taggable(
                title=title.format(**forms), body=body.format(**forms), language=pattern.lang, published=_DAY
            )
            yield article, tuple(used)


def try_pattern(
    pattern: Pattern,
    gazetteer: Gazetteer,
    tag_provinces: Callable[[Taggable], Sequence[ProvinceTag]],
    units: Sequence[tuple[str, str, str]] = (),
) -> Outcome:
    """Read the pattern with every name, or with those of `units`."""
    total, wrong = 0, []
    allowed = (pattern.expected,) if isinstance(pattern.expected, str) else pattern.expected
    for article, codes in instances(pattern, units or unit_names(gazetteer)):
        found = {tag.code[5:]: str(tag.role) for tag in tag_provinces(article)}
        first = found.pop(codes[0], NOTHING)
        rest = {code: pattern.other for code in codes[1:] if pattern.other != NOTHING}
        total += 1
        if first not in allowed or found != rest:
            wrong.append(f"{article.title} / {article.body}: {codes[0]} {first}, others {found}")
    return Outcome(pattern.name, total, total - len(wrong), tuple(wrong))


def try_all(
    gazetteer: Gazetteer, tag_provinces: Callable[[Taggable], Sequence[ProvinceTag]]
) -> list[Outcome]:
    """Every pattern, in order."""
    return [try_pattern(pattern, gazetteer, tag_provinces) for pattern in PATTERNS]
