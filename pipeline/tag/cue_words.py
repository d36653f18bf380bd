"""What the words beside a place name say of it, as tables of phrases in Vietnamese and English.

Each maps or lists phrases parted by `|`, with their tones; `pipeline.tag.cues` makes the forms of them that
are looked up.
"""

from __future__ import annotations

# what a neighbour can say
UNIT = "unit"  # tỉnh, thành phố, province
GOVERNMENT = "government"  # its authorities or people act
AT = "at"  # ở, tại, in
FROM = "from"  # origin
TOWARDS = "towards"  # destination
LIKE = "like"  # comparison
APART = "apart"  # distance
HOME = "home"  # somebody's home or birthplace
VENUE = "venue"  # only the stage of an event
STREET = "street"
PERSON = "person"
NEWSPAPER = "newspaper"
CLUB = "club"
DISH = "dish"
HISTORY = "history"
HAMLET = "hamlet"  # smaller than a ward, or a thing named after a province
NAMED = "named"  # park, theatre: a proper name when the name is also an ordinary word
SUBUNIT = "subunit"
HOST = "host"
PRODUCT = "product"  # what grows or is made there
ACTING = frozenset({UNIT, GOVERNMENT})
"""The unit itself or its authorities: what is told of them is told of the place."""

SHIPS = (
    "tàu ngầm|khinh hạm|tàu hộ vệ|tàu hộ tống|tàu chiến|submarine|submarines|frigate|frigates|"
    "corvette|corvettes|warship|warships"
)
"""The navy calls them after provinces."""
SPECIES = "voọc|vượn|thằn lằn|tắc kè|ếch cây|nhông|cá cóc|chà vá"
WILDLIFE = "langur|langurs|gibbon|gibbons|gecko|geckos|newt|newts|pheasant|pheasants"
"""What bears the name of where it was found first, in Vietnamese before it and in English behind."""

BEFORE = {
    UNIT: "tỉnh|thành phố|tp|tp.|t.p|địa phương|tỉnh ven biển|tỉnh biên giới|tỉnh miền núi|hai tỉnh|"
    "ba tỉnh|bốn tỉnh|các tỉnh|các tỉnh thành|toàn tỉnh|liên tỉnh|thủ đô|cố đô",
    GOVERNMENT: "ubnd|hđnd|công an|ca|tỉnh ủy|tỉnh uỷ|thành ủy|thành uỷ|mttq|đảng bộ|chính quyền|lãnh đạo|"
    "trẻ em|chị em|anh em|các em|bà con|đồng bào|già làng|trưởng bản|trưởng thôn|chủ quán|chủ tàu|"
    "người dân|nhân dân|nông dân|ngư dân|cử tri|biên phòng|bđbp|đồn biên phòng|bộ đội biên phòng|hải quan|"
    "cục thuế|thuế|cục hải quan|viện ksnd|vksnd|tand|tòa án|toà án|tòa án nhân dân|ngành y tế|y tế|cdc|"
    "kiểm lâm|csgt|cảnh sát|đoàn đbqh|tỉnh đoàn|thành đoàn|du lịch|nông nghiệp|giáo dục|sở y tế|sở xây dựng|"
    "sở công thương|sở du lịch|sở gd-đt|sở giao thông vận tải|sở tài chính|sở nông nghiệp và môi trường|"
    "hội nông dân|hội phụ nữ|liên đoàn lao động|bệnh viện đa khoa|quân sự|bộ chqs|điện lực|hội đồng nhân dân|"
    "ủy ban nhân dân|uỷ ban nhân dân|đất|quê hương|miền|vùng|đoàn đại biểu quốc hội|chủ tịch ubnd",
    AT: "ở|tại|trên|trong|khắp|quanh|quanh vùng|khu vực|địa bàn|qua|đoạn qua|đi qua|ngoài khơi|vùng biển|"
    "biển|bờ biển|"
    "ven biển|gần|giữa|phía bắc|phía nam|phía đông|phía tây|vịnh|đảo|núi|sông|kênh|rạch|hồ|đầm|phá|"
    "cửa khẩu|cảng|môi trường|thị trường|"
    "sân bay|ga|kcn|khu công nghiệp|khu kinh tế|kkt|bãi biển|rừng|vườn quốc gia|cao nguyên|đèo|cầu|hầm|chợ|"
    "đền|chùa|thung lũng|thủy điện|thuỷ điện|nhà máy thủy điện|nhiệt điện|khu du lịch|thuộc|trung tâm|"
    "in|at|near|around|off|across|within|throughout|outside|through|over|hit|hits|for|of|visit|visits|"
    "visiting",
    FROM: "đón thêm khách ở|đón thêm khách tại|trả khách ở|trả khách tại|từ|"
    "từ sân bay|từ cảng|từ ga|từ bến xe|"
    "đến từ|khách từ|gốc|xuất phát từ|rời|from|leaving|left|xuất bến ở|xuất bến tại|xuất phát tại|"
    "xuất phát ở|khởi hành tại|khởi hành ở|as far as|as far away as|as far afield as|departed|departing",
    TOWARDS: "về|đến|tới|đi|sang|ra|lên|xuống|hướng về|to|towards|toward|bound for|"
    "về sân bay|ra sân bay|đến sân bay|lên sân bay|tới sân bay|về cảng|ra cảng|đến cảng|tới cảng|xuống cảng|"
    "về cửa khẩu|lên cửa khẩu|đến cửa khẩu|tới cửa khẩu",
    LIKE: "nearby|neighbouring|neighboring|tỉnh bạn|tỉnh láng giềng|"
    "như|giống|giống như|so với|hơn|hơn cả|hơn hẳn|không kém|chẳng kém|ngang với|sánh với|kém|sau|chỉ sau|"
    "cùng với|bằng|tương tự|like|unlike|than|"
    "compared with|"
    "compared to|such as|merger with|joining|join|joins|merge with|merging with|sáp nhập với|"
    "hợp nhất với|sáp nhập vào|nhập vào|nhập với|gộp vào|gộp với|về chung với|"
    "sáp nhập|hợp nhất|absorbing|absorbed|absorbs",
    APART: "cách|cách trung tâm|km from|kilometres from|kilometers from|away from",
    HOME: "quê|quê ở|quê tại|quê gốc|quê quán|quê quán tại|quê quán ở|nguyên quán|nguyên quán ở|"
    "trú|trú tại|trú ở|ngụ|ngụ tại|sinh ra ở|sinh ra tại|sinh tại|sinh ở|"
    "người|người gốc|du khách|khách|native of|native from|born in|hailing from|hails from|"
    "originally from|who trained in|who was trained in|who studied in|who grew up in|"
    "she trained in|he trained in|she studied in|he studied in|doctor trained in|engineer trained in|"
    "nurse trained in|chef trained in|"
    "tốt nghiệp|biển số|mang biển số|biển kiểm soát|mang biển kiểm soát",
    VENUE: "điểm cầu|từ điểm cầu|tại điểm cầu|đầu cầu|điểm cầu chính",
    STREET: "streets called|streets named|street called|street named|đường mang tên|phố mang tên|"
    "đường|phố|ngõ|hẻm|xa lộ|đại lộ|đường phố|tuyến phố|tuyến đường|con đường|ngã tư|ngã sáu|"
    "ngã tư đường|đường tránh|nút giao|vòng xoay|quảng trường phố",
    PERSON: "ông|thầy|thầy giáo|cô giáo|thượng tá|đại tá|trung tá|thiếu tá|bà|anh|chị|em|cô|cháu|chú|"
    "nghệ sĩ|nghệ sĩ hài|danh hài|soạn giả|soạn giả cải lương|kịch tác giả|dịch giả|ca sĩ|diễn viên|"
    "người mẫu|hoa hậu|á hậu|mc|rapper|mr|mrs|ms|mr.|mrs.|ms.|miss|"
    "đồng chí|đại tướng|thượng tướng|trung tướng|thiếu tướng|nsnd|nsưt|cầu thủ|vđv|singer|actress|actor|"
    "sư thầy|võ sĩ|nữ sinh|nam sinh tên|tên|tên là|bé|bé trai|bé gái|cụ|cụ ông|cụ bà|named|surgeon|violinist|"
    "pianist|singer-songwriter|painter|director|professor|doctor|dr|bác sĩ|giáo sư|tiến sĩ|kỳ thủ|kình ngư|"
    "tay vợt|xạ thủ|đô vật|đạo diễn|nhạc sĩ|họa sĩ|nhà văn|nhà thơ|luật sư|thuyền trưởng",
    NEWSPAPER: "báo|tạp chí|đài|đài phát thanh - truyền hình|đài phát thanh và truyền hình|đài pt-th|"
    "đài ptth|"
    "đài truyền hình|truyền hình|phóng viên báo|tờ|newspaper|the newspaper|báo điện tử|"
    "báo và phát thanh, truyền hình|báo và đài|báo và phát thanh truyền hình|phát thanh truyền hình|"
    "phát thanh - truyền hình",
    CLUB: "clb|clb bóng đá|câu lạc bộ|câu lạc bộ bóng đá|đội|đội bóng|đội tuyển|hlv|hlv clb|thầy trò|"
    "cầu thủ|hạ|thắng|đánh bại|thua|gặp|chạm trán|đối đầu|hòa|"
    "fc|beat|defeated|win over|victory over|wins over|won over|past|against|vs|versus|lost to|drew "
    "with|edged",
    DISH: "chó|chó xoáy|bún bò|bún|phở|bánh mì|bánh bèo|cơm hến|bún hến|nem|nem chua|chả|bún chả|bánh|"
    "cơm tấm|hủ tiếu|"
    "chè bưởi|"
    "cà phê trứng|cà phê muối|cà phê cốt dừa|cơm gà|lẩu|gỏi|nem rán|bánh cuốn|bún đậu|bánh canh|bánh đa|"
    "bún riêu|bún cá|xôi|mắm|"
    "ẩm thực|món|"
    "mè xửng|kẹo dừa|tôm chua|bánh tráng|bánh đậu xanh|bánh pía|nem nướng|vịt|gà|bánh xèo|kẹo|chả mực|"
    "chè|phở bò|bún thang|phở cuốn|giò|giò chả|giò lụa|cao lầu|tré|"
    "áo dài|nón lá|cơm cháy|bánh gai|chả cá|bánh khọt|bún mắm|dish of|noodle dish of|soup of|specialty of|"
    "speciality of|delicacy of",
    PRODUCT: "tiêu|hạt tiêu|"
    "gạo|cà phê|trà|thanh long|xoài|bưởi|cam|cam sành|vải|vải thiều|nhãn|nhãn lồng|sầu riêng|mận|"
    "mận hậu|bơ|chuối|dừa|mít|dưa hấu|nho|táo|tỏi|hành tím|hồ tiêu|hạt điều|nước mắm|tôm|cá tra|mật ong|"
    "lụa|gốm|"
    "hoa|sâm|quế|hồi|yến sào|rượu|rượu cần|nấm|rau|khoai lang|hàu|ốc hương|cua|muối|thuốc lào|chiếu|ớt|măng|"
    "chôm chôm|măng cụt|dâu tây|quan họ|dân ca quan họ|hát xoan|chèo|ví giặm|dân ca|dân ca ví giặm|tuồng|"
    "bài chòi|"
    "võ cổ truyền|võ|tranh|tranh dân gian|nhã nhạc|lụa tơ tằm|đờn ca tài tử|giọng|atisô|đào|mai vàng|"
    f"{SPECIES}|"
    "cá cơm|khô cá|cá khô|khô mực|mực khô|tôm khô|mật dừa|đường thốt nốt|miến|hạt dẻ|tôm hùm|trâu|bò|dê|lợn",
    HISTORY: "chiến thắng|chiến dịch|trận|trận đánh|chiến sĩ|chiến trường|xô viết|phong trào xô viết|"
    "khởi nghĩa|cuộc khởi nghĩa|"
    "giải phóng|hiệp định|đồng khởi|tập kết|chiến thắng lịch sử|ngày giải phóng|hiệp ước|chiến binh|"
    "battle of|siege of|fall of|victory at|victory of|treaty of|campaign of|liberation of",
    HAMLET: "giờ|thôn|ấp|bản|làng|buôn|khu phố|tổ dân phố|xóm|khóm|tổ|khu dân cư|khối|plei|chung cư|tòa nhà|"
    "toà nhà|"
    "khách sạn|nhà hàng|quán|siêu thị|tàu|du thuyền|tiệm|"
    "quầy|hiệu|hoa viên|khu đô thị|dự án khu đô thị|"
    "ca khúc|bài hát|"
    "phim|vở|tiểu thuyết|"
    "hợp tác xã|htx|hợp tác xã nông nghiệp|htx nông nghiệp|liên hiệp hợp tác xã|"
    "giống|dòng|thương hiệu|hãng|ban nhạc|nhóm nhạc|nhóm|restaurant|hotel|band|brand|song",
    NAMED: "chương trình|tổ chức|phong trào|"
    "công viên|nhà hát|rạp|cung|tượng đài|quảng trường|nhà thờ|cầu|chợ|trường|trường thpt|trường thcs|"
    "trường tiểu học|giải|giải thưởng|nobel|vì|gìn giữ|đàm phán|thỏa thuận|sứ giả|đại sứ|hội nghị|nền|"
    "thông điệp|cụm|"
    "lực lượng|khát vọng|ngày|tiếng|thế giới|bồ câu|mùa|thiên hạ|thời|quốc thái|hòm|thời kỳ|prize",
    SUBUNIT: "huyện|quận|thị xã|thị trấn|xã|phường|đặc khu|huyện đảo|thị xã biển|tx|tx.|h.|q.|tt|tt.|p.|"
    "x.|huyện miền núi|huyện biên giới|"
    "huyện vùng cao|xã biên giới|xã vùng cao|xã đảo|xã ven biển|xã miền núi|liên xã|"
    "the commune of|the ward of|the district of",
    HOST: "sân|trên sân|sân nhà|trên sân nhà|sân vận động|trên sân vận động|svđ|sân của|"
    "sân khách của|sân khách|chủ nhà|đội chủ nhà|home of|hosts|host",
}
AFTER = {
    UNIT: "province|city|provincial|provinces|municipality|city's|province's|cũ|xưa|mới|trước đây",
    GOVERNMENT: "police|authorities|officials|leaders|residents|department|customs|people 's|party|border|"
    "farmers|"
    "growers|administration|government|tourism|museum|court|prosecutors|'s|officers|health|peoples|"
    "phát hiện|khởi tố|bắt|công bố|khởi công|ban hành|triển khai|tổ chức|yêu cầu|đề nghị|phê duyệt|thông qua|"
    "đẩy mạnh|ghi nhận|thu hút|tăng cường|cấm|kêu gọi|chi|đầu tư|nâng cấp|đặt mục tiêu|hỗ trợ|xử phạt|"
    "cho phép|thí điểm|quy hoạch|bố trí|siết|"
    "airport|port|beach|bay",
    SUBUNIT: "district|ward|commune|town|township|communes|wards|district's|commune's",
    STREET: "street|road|avenue|highway|boulevard|streets|lane|expressway's",
    NEWSPAPER: "newspaper|newspapers|daily|radio|radio-television|television|times|online",
    CLUB: "fc|club|players|coach|striker|midfielder|defender|goalkeeper|fans|side|team|beat|win|won|lose|"
    "lost|draw|drew|held|thua|thắng|hòa|hoà|hạ|cầm hòa|bất bại|vô địch|lên ngôi",
    DISH: "beef noodle|beef noodles|noodle|noodles|pho|way|style|-style|cuisine|spring roll|spring rolls|"
    "sandwich|sandwiches|egg coffee|banh mi|bún|royal cuisine|rice cake|pancakes|specialties|"
    "coconut candy|cao lau|bun bo|bun cha|com tam|banh xeo|banh canh|hu tieu|com hen|nem nuong|"
    "ridgeback|ridgebacks|salt coffee|bread|baguette|baguettes|broth",
    PRODUCT: "ceramics|silk|pottery|lychee|lychees|coffee|pepper|tea|rice|mango|mangoes|pomelo|pomelos|"
    "durian|"
    "oranges|garlic|ginseng|cinnamon|honey|paintings|tangerines|grapes|shrimp|crab|oysters|fish sauce|"
    f"{WILDLIFE}|"
    "dragon fruit|brocade|wine|wines|milk|strawberries|artichokes|avocados|cashews",
    HISTORY: "victory|battle|campaign|siege|uprising|air battle|bombing|era|1954|1968|1972|1975|"
    "offensive|trên không|1946|12 ngày|mùa đông",
    HOST: "stadium|tiếp|tiếp đón|đón tiếp|hosted|host|hosts|welcomed|welcome|làm chủ nhà",
    HAMLET: "time|rocks|sisters|restaurant|band|hotel|style|grill|diner|deli|cafe",
    NAMED: "prize",
}

# Heads of names of companies, banks, schools: their home is not where things happen.
ORGANISATIONS = (
    "ngân hàng|ngân hàng tmcp|vicem|vnpt|viettel|petrolimex|agribank|bidv|vietcombank|vietinbank|mobifone|"
    "đại học|đh|"
    "đhsp|đhqg|đhbk|đhcn|học viện|trường đại học|trường cao đẳng|cao đẳng|công ty|"
    "tổng công ty|"
    "tập đoàn|bia|xi măng|chứng khoán|nhà xuất bản|nxb|viện|ctcp|hãng|quỹ|hiệp hội bia|"
    "sở giao dịch chứng khoán|sàn|sàn chứng khoán|đài|"
    "university|bank|corporation|company|brewery|newspaper|college|academy|publishing|beer|vnu|institute|jsc"
)
ORGANISATION_STOPS = (
    "ở|tại|trên|của|từ|cho|với|đến|về|tỉnh|thành phố|tp|ubnd|công an|sở|chi nhánh|trong|khu|vùng|huyện|"
    "xã|phường|"
    "qua|giữa|do|được|bị|sẽ|đã|đang|vừa|có|mở|xây|đầu|in|at|from|to|near|with|by|for|on|is|was|has|will|"
    "the|opens|opened|"
    "said|says|their|its|hosts|province|city|people's|đưa|khai|thăm|vào|ra|tặng|trao|hỗ|ký|bàn|cùng|phối|"
    "hợp|là|này|cho biết"
)
PLURALS = "các|những|nhiều|một số|hàng loạt|hai|ba|bốn|many|several|some"
ORGANISATION_AFTER = (
    "university|bank|brewery|beer|corporation|company|jsc|group|college|academy|newspaper|stock exchange|"
    "securities|cement|bourse|breweries|beverage|universities|publishing|institute|petroleum|holdings|"
    "textile|plastics|steel|roastery|bakery|kitchen|bistro|eatery"
)
COMPANY_WORDS = (
    "cổ phần tnhh mtv một thành viên hữu hạn xây dựng thương mại sản xuất dịch vụ đầu tư phát triển "
    "khoa học công "
    "nghệ kỹ thuật tự nhiên xã hội nhân văn và kinh tế quốc gia dân sư phạm y dược luật nông lâm "
    "nghiệp mỏ địa chất "
    "giao thông vận tải thủy lợi cấp thoát nước điện lực xổ số kiến thiết du lịch bia rượu giải "
    "khát ngoại thương "
    "ngữ văn hóa nghệ thuật sân khấu điện ảnh truyền thông bất động sản chứng khoán xi măng nhựa "
    "cao su thép dệt may "
    "hải chế biến xuất nhập khẩu mía đường gốm sứ hạ tầng đô thị bảo hiểm phân bón chất dầu khí "
    "than vàng bạc đá quý "
    "mỹ âm nhạc thể dục thao hành chính quân hàng không bách tài marketing mở kiến trúc tế - tmcp "
    "nhà máy trường nhiệt phát cp ctcp nguồn thuốc lá khai thác ty hàng đoàn học viện đẳng"
)
TRADES = (
    "electricity|iron|plastics|garment|minerals|coal|food|foods|lottery|rubber|sugar|seafood|seafoods|pharma|"
    "pharmaceutical|pharmaceuticals|fertilizer|fertiliser|insurance|"
    "motors|airlines|paper|cables|securities|ceramics|rice|milk|petro|water|power|shipping|"
    "logistics|construction"
)
ORGANISATION_MODIFIERS = (
    "medical|national|development|export|import|cooperative|maritime|law|open|pedagogical|"
    "foreign|trade|stock|industrial|construction|commercial|joint|"
    "international|"
    "polytechnic|architectural|agriculture|agricultural|forestry|economics|and|of|technology|technical|"
    "education|science|"
    "beer|alcohol|beverage|newport|giai|phong|liberation|culture|commerce|asset|rubber|water|power|city|"
    "pharmacy|medicine"
)
# Words before a place that name a firm of that trade, if they have a capital or the text tells of shares.
TRADE_HEADS = (
    "xổ số|nhựa|dược|dược phẩm|cao su|thép|gang thép|mía đường|cấp nước|nước sạch|thủy sản|xăng dầu|"
    "vật liệu xây dựng|xây dựng|dệt|dệt may|may|phân bón|đạm|gạch|gốm sứ|sữa|vận tải|gỗ|giấy|than|xây lắp|"
    "bất động sản|lương thực|thực phẩm|bảo hiểm|viễn thông|khoáng sản|cơ khí|cảng|nhiệt điện|thủy điện"
)
INGREDIENTS = (
    "spicy|fermented|grilled|fried|crispy|sour|sticky|beef|crab|fish|shrimp|chicken|pork|rice|clam|mussel|"
    "eel|"
    "duck|salt|egg|coconut|sesame|lotus"
)
DISHES = (
    "baguette|baguettes|pork|soup|soups|noodle|noodles|stew|salad|salads|rolls|cake|cakes|porridge|"
    "vermicelli|sandwich|sandwiches|"
    "pancake|pancakes|candy|coffee|paste|sausage|sausages"
)
EVENTS = (
    "hội nghị|hội thảo|đhđcđ|annual general meeting|agm|diễn đàn|"
    "tọa đàm|toạ đàm|họp báo|triển lãm|hội chợ|lễ ký|lễ ký kết|lễ trao|"
    "lễ trao giải|lễ công bố|"
    "buổi công bố|công bố|cuộc họp|buổi làm việc|phiên họp|roadshow|gặp gỡ|chương trình|lễ ra mắt|"
    "đêm chung kết|đăng quang|"
    "lễ tổng kết|vô địch châu á|vô địch thế giới|vô địch quốc gia|trẻ châu á|trẻ thế giới|vô địch đông nam á|"
    "xúc tiến|giới thiệu|trưng bày|tuần hàng|phiên chợ|kỳ họp|đại hội|hội đàm|cuộc gặp|tiếp xúc|ra mắt|"
    "lễ phát động|hội sách|"
    "liên hoan|buổi gặp|buổi lễ|sự kiện|hội nghị xúc tiến|trao giải|vòng chung kết|cuộc thi|"
    "conference|forum|seminar|workshop|exhibition|fair|expo|roadshow|roadshows|summit|press conference|"
    "meeting|ceremony|talks|"
    "event|tasting|tastings|tasting events|symposium|launch|gala|awards|session|briefing|gathering|"
    "reception|dialogue|presented|"
    "announced|unveiled|sign|signed|signs|ký|ký kết|congress|showcase|signing|trade fair|"
    "gathered|convened|nhóm họp|lễ xuất quân|lễ tiễn|lễ tôn vinh|lễ vinh danh|lễ tuyên dương|lễ bốc thăm|"
    "olympiad|hackathon|pageant|championship|championships|olympic|conferences|forums|seminars|workshops|"
    "exhibitions|fairs|expos|exhibit|exhibits|meetings|ceremonies|receptions|send-off|farewell|culture week|"
    "cultural week|tourism week|fashion week|food week|trade week|goods week|product week|specialties week|"
    "specialty week|week of|solo show|"
    "week-long show|fashion show|trade show|travel show|food show|art show|craft show|photo show|book fair|"
    "biennale|convention|plenary|tuần văn hóa|tuần lễ|tuần du lịch|hội diễn|buổi tọa đàm|buổi họp báo|"
    "phiên toàn thể|phiên thảo luận|hội nghị toàn quốc"
)
EVENT_VERBS = (
    "presented|announced|unveiled|sign|signed|signs|launch|ký|ký kết|công bố|giới thiệu|ra mắt|gặp gỡ|"
    "tiếp xúc"
)
CONTESTS = (
    "championship|championships|tournament|games|olympiad|cup|open|contest|hackathon|congress|conference"
)
BUILDINGS = (
    "plant|plants|factory|factories|project|projects|bridge|bridges|road|roads|line|lines|hotel|hotels|"
    "resort|"
    "resorts|park|parks|campus|hospital|hospitals|school|schools|branch|branches|store|stores|centre|center|"
    "zone|zones|port|airport|terminal|farm|farms|complex|route|routes|office|warehouse|warehouses|tunnel|"
    "apartments|homes|stadium|mine|mines|survey|investment|máy|án|tuyến|khu|cầu|cảng|cụm|trạm|xưởng|kho|tour|"
    "quy hoạch|hoạch|tích|trường|nhánh|điểm|mỏ|hầm|đường|dịch"
)
"""What is built or planned at a place: `announced a plant in Hai Phong` is no event there."""
WORKS = (
    "rent|rented|rents|renting|lease|leased|leases|leasing|toy|fire|blaze|raid|raided|illegal|fake|"
    "counterfeit|seized|explosion|"
    "mechanical|repair|sewing|furniture|"
    "wood|wooden|welding|pottery|ceramics|bicycle|fertiliser|fertilizer|garment|weaving|production|makeshift|"
    "owner|lacquer|carving|recycling|cottage|small|family"
)
"""Words beside a `workshop` in which things are made."""
