/** Lists that tell names from words: surnames in use in China, words that begin like a name, English given names. */

/** The hundred and twenty most frequent surnames: sure enough to be read before 先生. */
export const FREQUENT_SURNAMES: ReadonlySet<string> = new Set(
  '王李张刘陈杨黄赵吴周徐孙马朱胡郭何高林罗郑梁谢宋唐许韩冯邓曹彭曾肖萧田董袁潘于蒋蔡余杜叶程苏魏吕丁任沈姚卢姜崔钟谭陆汪范金石廖贾夏韦',
);

/** Surnames of one character, then those of two. */
export const SURNAMES: ReadonlySet<string> = new Set([
  ...FREQUENT_SURNAMES,
  ...('付傅方白邹孟熊秦邱江尹薛闫阎段雷侯龙史陶黎贺顾毛郝龚邵万钱严覃武戴莫孔向汤常温康施文牛樊葛邢安齐易乔伍庞颜倪庄聂章鲁岳翟殷詹申欧耿关兰' +
    '焦俞左柳甘祝包宁尚符舒阮柯纪梅童凌毕单季裴霍涂成苗谷盛曲翁冉骆蓝路游辛靳管柴蒙鲍华喻祁蒲房滕屈饶解牟艾尤阳穆农司卓古吉缪简车连芦麦' +
    '褚娄窦戚岑景党宫费卜冷晏席卫柏宗瞿桂佟臧闵苟邬边卞姬仇栾隋刁沙荣巫寇桑郎甄丛仲虞敖巩明佘池查麻苑迟邝谈匡鞠惠荆乐冀郁胥南' +
    '班储栗燕楚鄢劳谌奚皮粟冼蔺楼盘闻厉伊仝区郜海阚帅屠豆朴练廉禹井祖漆巴丰支卿狄索宣晋云敬扈晁芮阙浦戈伏鹿薄' +
    '邸雍辜羊乌裘亓修邰赫杭况宿鲜印逯隆茹诺战慕危玉银亢嵇哈湛宾戎勾茅於呼揭尉冶斯檀衣阴昝智幸奉衡富尧闭'),
  ...'欧阳 上官 司马 诸葛 司徒 东方 皇甫 尉迟 公孙 慕容 令狐 宇文 长孙 夏侯 轩辕 端木 百里 南宫 独孤 申屠 闻人 呼延'.split(
    ' ',
  ),
]);

/** Two characters which begin with a surname and are hardly ever a name. */
export const NOT_NAMES: ReadonlySet<string> = new Set(
  (
    '高兴 高级 高中 高铁 高价 马上 马路 白天 白色 白领 黄金 黄色 黄牛 金卡 金额 金色 金牌 方便 方式 方法 方面 方案 何时 何必 何况 何种 严重 严格 温和 温度 安全 安装 安排 安卓 ' +
    '安徽 常客 常用 常见 常常 万一 万分 全部 全额 全新 全家 全国 平时 平台 平常 平安 毛病 毛巾 石头 明天 明白 明明 明确 明年 时候 时间 时常 成功 成都 成本 成年 江西 江苏 云南 ' +
    '路人 路过 路上 童装 童鞋 余额 包裹 包邮 包月 包装 包含 包括 包包 花钱 花呗 花了 牛奶 牛仔 程序 单独 单位 单身 单号 单子 左右 左边 关于 关闭 关注 关系 连接 连续 连锁 任何 ' +
    '任务 任意 向您 向你 通过 通知 解决 解释 解除 应该 应用 应当 宁愿 宁可 宁波 宁夏 温州 苏州 苏宁 徐州 徐汇 杨浦 黄浦 武汉 武侯 荆州 郑州 常州 惠州 柳州 泰州 杭州 海南 海口 ' +
    '海外 海关 和你 和您 和我 和他 和她 都是 都不 都没 都有 都会 都要 来自 来电 来了 来个 来的 来不 来到 阿里 国内 国外 国际 国庆 权限 权益 利息 利用 但是 由于 公司 公众 公共 信息 ' +
    '信用 信任 元旦 银行 银色 支付 支持 计划 计算 计费 相关 相同 相信 初次 初始 门店 门口 容易 普通 那个 那么 那边 那里 那种 那天 那是 那就 那我 那你 商品 商家 商城 商务 师傅 边上 ' +
    '查询 查看 查下 查一 查到 查过 麻烦 迟到 官方 官网 封号 封面 谈谈 强烈 强制 满意 满减 区别 区域 车票 车子 车上 车主 车牌 项目 简单 古代 司机 农行 农业 农村 解冻 房东 房间 房客 ' +
    '管理 管家 游客 游戏 蓝色 盛大 曲目 成员 成交 季度 毕业 毕竟 凌晨 纪念 尚未 符合 甘肃 兰州 关机 申请 申诉 章节 易付 齐全 文件 文字 文档 施工 康复 向上 孔夫 莫名 钱包 钱款 ' +
    '万元 邵阳 龚总 贺卡 顾客 史上 龙头 雷锋 段落 薛之 秦皇 熊猫 白金 付款 付费 付了 付过 付完 付钱 付的 夏天 夏季 贾总 范围 汪汪 陆续 钟头 姜汁 任性 丁香 程度 叶子 于是 ' +
    '于今 余下 董事 田园 许多 许久 韩国 韩版 唐装 谢谢 谢了 宋体 梁山 高清 胡乱 胡说 朱红 徐总 黄页 周一 周二 周三 周四 周五 周六 周日 周末 周年 周期 赵州 ' +
    '刘海 位置 位于 位子 南京 南方 南宁 华为 华北 华东 华南 乐意 乐视 冷静 冷藏 米饭 米色 费用 费力 党员 景点 卫生 宫颈 席位 仇恨 荣幸 荣耀 池子 原来 原因 ' +
    '原价 原路 原先 楚雄 储蓄 储值 皮肤 皮质 楼上 楼下 楼主 盘点 闻到 花费 海鲜 豆腐 盖章 练习 井盖 祖国 巴士 丰富 丰巢 平板 索赔 索要 索取 宣传 晋级 云端 敬请 容量 伏特 公积 勾选 ' +
    '居民 居住 居然 干嘛 干什 干洗 斯文 元气 束手 衣服 衣物 展示 展会 阴天 智能 幸福 幸运 奉献 植物 衡量 富贵 闭嘴 会员 学生 老师 新手 买家 卖家 用户 客户 客服 本人 相机 管用 成人 ' +
    '时尚 乐高 冷链 安心 常温 华住 连衣 单品 单价 左手 司法 师大 强迫 花园 明显 明细 查收 平均 信号 利润 相片 初学'
  ).split(' '),
);

/** Given names frequent in English-speaking countries; those that are everyday words (Will, Mark, Rose) are left out. */
export const ENGLISH_GIVEN_NAMES: ReadonlySet<string> = new Set(
  (
    'James John Robert Michael William David Richard Joseph Thomas Charles Christopher Daniel Matthew Anthony Donald Steven ' +
    'Paul Andrew Joshua Kenneth Kevin Brian George Timothy Ronald Edward Jason Jeffrey Ryan Jacob Gary Nicholas Eric Jonathan ' +
    'Stephen Larry Justin Scott Brandon Benjamin Samuel Gregory Alexander Patrick Raymond Jack Dennis Jerry Tyler Aaron Jose ' +
    'Adam Nathan Henry Douglas Zachary Peter Kyle Noah Ethan Jeremy Walter Christian Keith Roger Terry Austin Sean Gerald Carl ' +
    'Harold Dylan Arthur Lawrence Jesse Bryan Billy Bruce Gabriel Joe Logan Alan Juan Albert Willie Elijah Wayne Randy Vincent ' +
    'Mason Roy Ralph Bobby Russell Bradley Philip Eugene Simon Martin Oliver Liam Lucas Luke Owen Oscar Leo Hugo Felix Max Ian ' +
    'Neil Colin Stuart Graham Derek Nigel Trevor Gavin Craig Duncan Hamish Angus Callum Connor Harry Alfie Freddie Theo Toby ' +
    'Mary Patricia Jennifer Linda Elizabeth Barbara Susan Jessica Sarah Karen Lisa Nancy Betty Sandra Margaret Ashley Kimberly ' +
    'Emily Donna Michelle Carol Amanda Melissa Deborah Stephanie Rebecca Laura Sharon Cynthia Dorothy Amy Kathleen Angela ' +
    'Shirley Emma Brenda Pamela Nicole Anna Samantha Katherine Christine Debra Rachel Carolyn Janet Maria Olivia Heather Helen ' +
    'Catherine Diane Julie Victoria Joyce Lauren Kelly Christina Ruth Joan Virginia Judith Evelyn Hannah Andrea Megan Cheryl ' +
    'Jacqueline Madison Teresa Abigail Sophia Martha Sara Gloria Janice Kathryn Ann Isabella Judy Charlotte Julia Amber Alice ' +
    'Jean Denise Frances Danielle Marilyn Natalie Beverly Diana Brittany Theresa Kayla Alexis Doris Lori Tiffany Jane Claire ' +
    'Fiona Gemma Nicola Tracy Zoe Chloe Sophie Lucy Ellie Amelia Freya Imogen Beatrice Eleanor Matilda Ivan Pedro Carlos Luis ' +
    'Miguel Antonio Francisco Manuel Diego Fernando Sergio Pablo Javier Rafael Ahmed Mohamed Mohammed Muhammad Ali Omar Hassan ' +
    'Fatima Aisha Yusuf Ibrahim Priya Rahul Amit Anita Sanjay Raj Deepak Sunita Hans Klaus Jürgen Wolfgang Stefan Andreas ' +
    'Sebastian Lars Erik Anders Nils Sven Olaf Ingrid Astrid Pierre Jacques François Michel Luc Marie Camille Giovanni Marco ' +
    'Luca Giulia Francesca Alessandro Dmitri Sergei Vladimir Olga Natasha Tatiana Yuki Kenji Hiroshi Akira Wei Ming Mei Jin'
  ).split(' '),
);
