"""Words that tell what sort of article it is, in Vietnamese and English, as in `pipeline.tag.cue_words`."""

SPORT = (
    "clb|v-league|v.league|vleague|cầu thủ|hlv|bàn thắng|bóng đá|vòng đấu|trận đấu|tỷ số|tỉ số|ghi bàn|"
    "hiệp một|hiệp hai|"
    "football|coach|striker|v.league 1|goal|goals|league|match|cup|fans|derby|midfielder|stadium|penalty|"
    "sân vận động|giải hạng nhất|đội bóng|chung kết|bán kết|chủ nhà|phút bù giờ|khán đài|trọng tài|thủ môn|"
    "tiền đạo|tiền vệ|hậu vệ|hat-trick|goalless|stoppage time|kick-off|penalties|equaliser|"
    "equalizer|cổ động viên|"
    "đội khách|visitors|goalkeeper|promotion|relegation|trụ hạng"
)

HAZARDS = (
    "bão|lũ|mưa lớn|mưa to|ngập|sạt lở|động đất|hạn hán|xâm nhập mặn|nắng nóng|rét|áp thấp|triều cường|"
    "lốc|mưa đá|sơ tán|"
    "thiệt hại|cấm biển|gió giật|rét đậm|cháy rừng|lũ quét|storm|typhoon|flood|floods|flooding|landslide|"
    "landslides|drought|"
    "hailstorm|rain|rains|evacuated|earthquake|tornado|heatwave|cold spell|salinity|downpours|saltwater|"
    "mưa dông|dông lốc|ngập lụt|ngập úng|ngập sâu|lũ ống|lũ lụt|mưa lũ|mưa rào|giông|giông lốc|sét|sóng lớn|"
    "nước dâng|nước lũ|vỡ đê|tràn đê|xả lũ|rung chấn|dư chấn|sụt lún|sạt lở đất|khô hạn|hạn mặn|nắng nóng "
    "gay gắt|"
    "nắng gắt|oi bức|không khí lạnh|gió mùa đông bắc|sương muối|băng giá|băng tuyết|sương mù|thiên tai|"
    "bão lũ|nguy cơ cháy|heat wave|heat waves|heatwaves|hot spell|scorching|cold snap|cold wave|cold "
    "front|frost|"
    "dense fog|thick fog|storms|typhoons|tropical depression|thunderstorm|thunderstorms|hailstorms|hail|"
    "whirlwind|whirlwinds|lightning|gales|rough seas|high tide|high tides|tidal surge|storm surge|flooded|"
    "floodwater|floodwaters|flash flood|flash floods|inundated|submerged|heavy rain|torrential|"
    "downpour|mudslide|mudslides|tremor|tremors|aftershock|aftershocks|quake|quakes|wildfire|wildfires|"
    "forest fire|forest fires|bushfire|dyke breach|saline intrusion|salt intrusion|salt water|"
    "water shortage|water shortages|rainfall|monsoon|degrees celsius"
)

NATIONAL = (
    "cả nước|toàn quốc|trên cả nước|nhiều địa phương|63 tỉnh|34 tỉnh|các tỉnh, thành phố|các địa phương|"
    "nationwide|"
    "across the country|nationally|country's|provinces nationwide|cities nationwide|major cities|"
    "các thành phố lớn|nhiều tỉnh|"
    "các đô thị lớn|thành phố lớn|big cities|large cities|other cities|other provinces|many provinces|"
    "several cities|"
    "các tỉnh thành|bộ trưởng|thủ tướng|bộ y tế|bộ giáo dục|bộ xây dựng|bộ công thương|"
    "the ministry"
)

WHOLE_COUNTRY = "cả nước|toàn quốc|trên cả nước|nationwide|across the country|nationally|country's"
"""National words that a storm over some provinces does not bring with it."""

ABROAD = (
    "california|texas|new york|london|paris|berlin|tokyo|seoul|sydney|melbourne|toronto|prague|warsaw|"
    "moscow|bangkok|"
    "singapore|praha|czech|séc|helsinki|finland|australia|germany|canada|france|america|american|usa|"
    "u.s.|north carolina|"
    "philadelphia|chicago|"
    "houston|los angeles|san francisco|san jose|orange county|boston|seattle|vancouver|montreal|"
    "hollywood|broadway|europe|"
    "japan|korea|britain|uk|england|nhật bản|hàn quốc|mỹ|pháp|đức|úc|anh quốc|phần lan|cộng hòa séc|"
    "ba lan|hoa kỳ|virginia|"
    "lyon|marseille|leipzig|dresden|zurich|geneva|havana|manila|jakarta|dallas|austin|milan|lisbon|"
    "copenhagen|stockholm|oslo|athens|dubai|delhi|mumbai|taipei|vientiane|kuala lumpur|busan|nagoya|fukuoka|"
    "brisbane|osaka|kyoto|budapest|vienna|rome|madrid|barcelona|brussels|amsterdam|manchester|sweden|"
    "norway|denmark|finnish|brooklyn|manhattan|new jersey|oregon|portland|denver|atlanta|florida|las vegas|"
    "calgary|ottawa|adelaide|auckland|new zealand|hamburg|munich|frankfurt|rotterdam|edinburgh|glasgow|"
    "dublin|ireland|italy|spain|portugal|netherlands|belgium|switzerland|honolulu|hawaii|mexico|mexico city|"
    "brazil|sao paulo|argentina|buenos aires|santiago|peru|colombia|bogota|cuba|egypt|cairo|kenya|"
    "nairobi|nigeria|lagos|south africa|johannesburg|cape town|turkey|istanbul|israel|tel aviv|qatar|doha|"
    "abu dhabi|saudi arabia|indonesia|bali|surabaya|malaysia|penang|philippines|cebu|myanmar|yangon|india|"
    "bangalore|pakistan|sri lanka|colombo|nepal|kathmandu|mongolia|kazakhstan|ukraine|kyiv|poland|krakow|"
    "romania|bucharest|bulgaria|greece|hungary|slovakia|bratislava|croatia|iceland|estonia|latvia|"
    "lithuania|bordeaux|toulouse|cologne|stuttgart|dusseldorf|bremen|birmingham|liverpool|leeds|"
    "canberra|wellington|sapporo|sendai|hiroshima|kobe|yokohama|incheon|daegu|washington|miami|"
    "san diego|sacramento|minneapolis|new orleans|thái lan|ấn độ|liên bang nga|italia|tây ban nha|hà lan|"
    "thụy điển|"
    "na uy|đan mạch|thụy sĩ|ai cập|nam phi"
)

FOREIGN = (
    "trung quốc|china|chinese|bắc kinh|beijing|trịnh châu|zhengzhou|đài loan|taiwan|thượng hải|"
    "quảng đông|quảng châu|quảng tây|thâm quyến|hồng kông|hong kong|sơn tây|shanxi|"
    "thanh hải|qinghai|trung hoa|lạc dương|khai phong|an dương|thạch gia trang|hebei|henan|trung nguyên|"
    "tân hoa xã|xinhua"
)

COMPANY_NEWS = (
    "cổ phiếu|cổ tức|cổ đông|niêm yết|lợi nhuận|lãi ròng|báo lãi|báo lỗ|doanh thu quý|lãi sau thuế|"
    "lãi trước thuế|"
    "vốn hóa|shares|dividend|shareholders|quarterly profit|net profit|listed firm|listed firms|stock"
)
