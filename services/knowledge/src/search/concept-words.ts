/* eslint-disable max-lines -- a word list, not a story */
/**
 * What customers of a shop call the same thing. Each line is one concept in Chinese and English: colloquial and formal
 * words, common places and brands of its kind. General words of the field only: what is special to one tenant belongs
 * in the questions of its articles. Chinese entries are matched as characters, English ones by their stems.
 */
export const conceptWords: Readonly<Record<string, string>> = {
  // What is asked
  duration:
    '多久 几天 多长时间 什么时候 啥时候 啥时 时效 几号 哪天 何时 多少天 要等 多快 时间 几时 多会儿 几周 几个月 还要等 等多久 几个工作日 工作日 几个礼拜 礼拜 几个星期 哪天到 多少天到 | how long, when, how many days, how many weeks, how soon, how fast, how quickly, what day, wait, waiting, =time, =times, arrive by, by when, eta, take long, working days, business days, estimated, weeks to, days to, months to, by tomorrow, how many months',
  cost: '多少钱 价格 费用 收费 怎么收 什么价 价位 价钱 几块 几块钱 贵不贵 收多少 花钱 要钱 花多少 怎么算 掏钱 标准 | how much, cost, costs, price, prices, charge, charges, fee, fees, expensive, pricing, what do you charge, rate, quote, surcharge',
  free: '免费 免 包邮 免邮 不要钱 白送 不花钱 不要运费 | free, complimentary, no charge, for nothing, at no cost, waived, skip the shipping, skip the fee, without paying',
  where:
    '哪里 哪儿 在哪 去哪 哪个页面 什么地方 往哪 从哪 入口 哪找 | where, which page, where do i, location, find',
  steps:
    '怎么申请 怎么弄 步骤 流程 怎么操作 咋操作 咋弄 如何申请 提交 申请 办理 怎么办理 手续 在哪里点 哪里申请 怎么退 如何退 | how do i, how can i, how to, steps, process, procedure, start, apply, submit, request, click, what are the steps, what do i have to do, what should i do, where can i download, arrange, initiate, set up a',
  choice:
    '哪个好 区别 怎么选 选哪个 哪款 对比 推荐 买哪个 挑 配一套 该买 有什么不同 适合 | which one, which should, difference, choose, compare, recommend, recommendation, suggest me, better, best, versus, suitable, what do i need, starter',
  rule: '规则 规定 条件 政策 能不能 要求 限制 资格 说明 | rule, rules, policy, conditions, terms, allowed, eligible, qualify, requirement, permitted',
  deadline:
    '期限 多久之内 来得及 截止 还能 月前 以前 多久内 过了 超过 天内 有效期 时限 还来得及 去年 上个月 半年前 半个月 一个月 几个月 多少天内 个月前 年前 太晚 这么久了 好久之前 过了半个月 | deadline, time limit, too late, until, still, within, months ago, last month, last year, weeks ago, window, how late, passed, long ago, expired, old order, days ago, month ago, after a month, after two weeks, how many days do i have, an old, last spring, last summer, last autumn, last winter, last fall, ago, its been, weeks later, months later, long time ago, half a year',
  status:
    '进度 到哪一步 处理到 状态 怎么查 查 查看 查询 哪里看 查一下 走到哪 到哪了 进展 处理得怎么样 | status, progress, check, how do i see, look up, went through, where is, processed, follow up, update on, whats happening',
  reason: '为什么 为啥 怎么回事 原因 咋回事 凭什么 为何 | why, reason, how come, cause, what happened',
  less: '少退 少了 不够 差额 差 偏低 扣了 不对 退少 缩水 没退全 不一样 没退够 才退 只退了 | less, lower, short, not full, fewer, not the full amount, deducted, incomplete refund, smaller, missing money, difference, full amount, not everything, partial refund, less money, some money missing, got back less, less back, short by, kept some of, kept part, held back, took off, not all of my money',

  // The way of a parcel
  ship: '寄 邮寄 寄送 配送 派送 送货 送到 运送 发往 寄到 发到 送不送 送么 快递 送吗 送得到 能送 可以送 运 邮 | ship, ships, shipping, shipped, post, send, sent, deliver, delivery, delivered, delivering, mail, get it sent',
  dispatch:
    '发货 发出 出库 没发 未发 还没发 给发 发了吗 不发货 拖着不发 几时发 寄出 备货 待发货 仓库 待发 怎么还不发 备好货 发走 出货 还不发 不发 怎么不发 | dispatch, dispatched, unshipped, not shipped, hasnt shipped, not been sent, still processing, preparing, leave the warehouse, left the warehouse, warehouse, waiting to ship, been sent yet, sent yet, sent out, go out, leave, when do you ship, not sent, shipped yet, dispatched yet, ship out, been dispatched, get shipped, post it, not sent out, still not sent',
  arrive:
    '收到 收着 到货 到手 拿到 送达 到了 到达 签收 能到 到啦 收货 收到货 到货了 送来 | arrive, arrived, arrives, arrival, receive, received, came, come, get it, turn up, turned up, delivered, reach, landed, showed up, show up, shown up, shows up, got here, get here, getting here, be here',
  missing:
    '没收到 没拿到 没到 收不到 没来 未收到 没有收到 压根没 根本没收 没见到 还没来 不见 没看到 没有来 没接到 | never got, not received, never arrived, never came, not arrived, nothing here, did not arrive, didnt arrive, didnt come, have not got, havent got, havent received, didnt get, never received, missing, not here, not getting, isnt here, no sign of, hasnt come, hasnt arrived, dont have it',
  signed:
    '已签收 显示签收 签收了 提示签收 说签收 妥投 已送达 显示送达 别人签收 不是我签 谁签收 | marked as delivered, says delivered, shows delivered, delivered yesterday, delivered but, signed for, signed, status delivered, somebody else signed, i did not sign, says it was delivered, shows as delivered, marked delivered',
  fee: '运费 邮费 快递费 邮资 包邮 免邮 邮寄费 配送费 派送费 路费 送货费 寄费 不要运费 | postage, shipping cost, shipping costs, shipping fee, shipping fees, delivery fee, delivery cost, delivery charge, shipping charge, charge to post, charge to ship, charge for delivery, charge for shipping, cost to ship, cost of shipping, shipping price, free shipping, free delivery, pay for shipping, pay for delivery, cost of sending, return postage, pay the postage, shipping for free, cover shipping',
  courier:
    '快递员 送货员 派送员 快递公司 配送员 小哥 师傅 送货的 送快递 派件员 快递小哥 承运 圆通 中通 韵达 申通 京东物流 | courier, driver, carrier, delivery guy, delivery man, delivery person, postman, mailman, dhl, =ups, fedex, parcel service, usps, gls, hermes, royal mail, deliveryman, delivery driver',
  express:
    '加急 顺丰 加快 急用 特快 很急 赶时间 空运 快点 急着 快一点 次日达 当天到 指定快递 催 | express, sf, urgent, urgently, faster, expedite, expedited, rush, asap, hurry, quick, quicker, next day, overnight, priority, speed up',
  parcel: '包裹 快件 箱子 货 件 | parcel, parcels, package, packages, shipment, box',
  track:
    '物流 单号 运单 跟踪 追踪 轨迹 物流信息 查物流 快递信息 | track, tracking, trace, tracking number, follow my parcel',
  stuck:
    '不更新 没动静 不动 没更新 停滞 卡住 没记录 没信息 不动了 没进展 好几天 查不到 没反应 一直停 停在 没有记录 没动 一直没动 卡在 | stuck, not moving, no update, no updates, not updated, no movement, hasnt moved, not moved, no record, no information, hasnt updated, same place, same status, nothing shows, no scan, not found, for days, budged, hasnt budged, shows nothing, frozen, stopped moving, not moved for, nothing for',
  lost: '丢失 丢了 弄丢 丢件 不见了 找不到 丢包 失踪 丢了怎么办 搞丢 | lost, disappear, disappeared, vanished, gone, went missing, lose, loses, losing, went astray, cant be found',
  abroad:
    '海外 国外 跨境 境外 国际 外国 出国 全球 美国 英国 德国 法国 日本 韩国 加拿大 澳洲 澳大利亚 新西兰 新加坡 马来西亚 泰国 越南 菲律宾 印尼 印度 意大利 西班牙 葡萄牙 荷兰 比利时 瑞士 瑞典 挪威 丹麦 芬兰 波兰 奥地利 爱尔兰 希腊 土耳其 俄罗斯 巴西 阿根廷 智利 墨西哥 南非 埃及 以色列 沙特 迪拜 欧洲 欧盟 非洲 东南亚 北美 南美 纽约 伦敦 巴黎 东京 首尔 柏林 悉尼 | abroad, overseas, international, internationally, foreign, outside china, cross border, worldwide, usa, america, american, uk, britain, england, scotland, wales, germany, france, japan, korea, canada, australia, new zealand, singapore, malaysia, thailand, vietnam, philippines, indonesia, india, italy, spain, portugal, netherlands, holland, belgium, switzerland, sweden, norway, denmark, finland, poland, czech, hungary, greece, ireland, austria, turkey, russia, brazil, argentina, chile, mexico, south africa, egypt, israel, saudi, dubai, uae, europe, eu, africa, asia, country, countries, berlin, munich, paris, london, sydney, melbourne, toronto, vancouver, tokyo, new york, california, texas, madrid, rome, dublin, amsterdam',
  china:
    '国内 大陆 内地 省内 北京 上海 广州 深圳 成都 杭州 武汉 | china, mainland, domestic, domestically, beijing, shanghai, shenzhen, guangzhou, chengdu, hangzhou',
  hkmt: '港澳台 香港 澳门 台湾 九龙 新界 台北 高雄 台中 港澳 港岛 | hong kong, macao, macau, taiwan, taipei, kowloon, kaohsiung, hk',
  remote:
    '偏远 新疆 西藏 青海 内蒙古 内蒙 宁夏 甘肃 乌鲁木齐 拉萨 西宁 喀什 银川 呼和浩特 海南 农村 乡下 村里 乡镇 山区 镇上 | remote, rural, village, xinjiang, tibet, qinghai, inner mongolia, ningxia, gansu, lhasa, urumqi, kashgar, countryside, far west',
  customs:
    '海关 清关 报关 扣关 被扣 通关 扣留 扣住 补资料 | =customs, clearance, cleared, held by customs, held at, seized, border',
  duty: '关税 税费 税 进口税 增值税 交税 税金 | duty, duties, tax, taxes, vat, import tax, import, tariff, tariffs, gst, import fees',
  identity:
    '身份证 身份证明 证件 护照 身份证号 身份信息 实名 | id card, id number, passport, identity, identification, proof of identity, documents',
  locker:
    '快递柜 丰巢 蜂巢 驿站 自提柜 菜鸟 代收点 取件码 取件 取货 柜子 代收 蜂巢柜 柜子里 驿站里 代收点拿 | locker, lockers, pick-up, pickup, collection point, pick up, pick it up, parcel shop, pickup code, pick-up point, parcel locker, collect my parcel, pick my parcel up, picked up',
  doorstep:
    '送货上门 上门 上楼 搬上 扛上 抬上 楼梯 电梯 楼层 几楼 送到家 进门 入户 家门口 送上来 搬到 抬到 送进 抬进 搬进 进屋 扛到 | doorstep, to my door, upstairs, stairs, floor, lift, elevator, carry up, into my flat, inside, apartment, carry it up, bring it up, bring up, carried up, up the stairs, third floor, fourth floor, fifth floor, haul, to the 5th floor, to the 4th floor, into the house, into my house, into my apartment',
  bulky:
    '大件 重物 家具 太重 升降桌 床垫 | bulky, large, furniture, big item, oversized, heavy items, heavy, heavy item, large item, big items',
  split:
    '分几个 分开 拆分 分批 几个包裹 只到了 就来了 来了一半 只收到 少一半 剩下的 其他的呢 另外的 才到 还差 只来 只到 只到了一件 只来了 | split, several parcels, several packages, separate, separately, only half, half of my, rest of, only part, only one came, only one arrived, the other, other items, remaining, two packages, only some, one of two, one of my, one of the parcels, one box, half the order, half my order, showed up only, only got',
  combine:
    '合并 一起发 一起寄 放一起 合在一起 一个箱子 凑一起 并单 一块发 一块寄 两个订单 两单 合单 拼单 合并发货 | combine, combined, merge, same box, one box, one parcel, one package, single parcel, ship together, sent together, two orders, send them together, bundle my orders, add to my order, consolidate',
  holiday:
    '节假日 春节 过年 放假 国庆 假期 周末 大年 元旦 五一 除夕 初一 初二 初三 初四 初五 中秋 端午 清明 休息日 年三十 周六 周日 礼拜天 星期天 | holiday, holidays, weekend, weekends, new year, chinese new year, saturday, sunday, saturdays, sundays, christmas, easter, bank holiday, public holiday, spring festival, festival, golden week',
  late: '超时 延迟 晚 迟 慢 拖 逾期 耽误 太久 迟迟 第三天 还没发 怎么还没 已经好几天 一个星期了 | late, delay, delayed, overdue, slow, taking so long, too long, not in time, behind, compensation for late, still not, not on time, took ages',
  compensate:
    '赔 赔偿 补偿 赔付 给个说法 赔我 损失 赔钱 耽误 精神损失 弥补 折腾 白等 补偿我 | compensation, compensate, compensated, make up for, make it up, make this right, damages, for the trouble, for my trouble, goodwill, inconvenience, cost me time, what do you offer, apologise, apology, something for, refund for the delay, hassle, trouble, all this, wasted my time, my wasted time, in return for',

  // Orders
  order:
    '订单 下单 拍下 刚拍 购买 下的单 拍的 买的 单子 | order, orders, ordered, ordering, purchase, bought, buy, buying',
  cancel:
    '取消 撤单 撤销 不要了 不想要 撤 下错 退单 撤回 不买了 反悔 不想买 买错 拍错 | cancel, cancelled, canceled, cancelling, cancellation, undo, call off, dont want it anymore, by mistake, by accident, accidentally, stop my order, withdraw',
  change:
    '修改 更改 改 换成 变更 改一下 改成 填错 写错 选错 弄错 换一下 填成 写成 | change, changed, edit, modify, update, amend, correct, alter, switch, put the wrong, entered the wrong, typed the wrong, wrong address, different, typo, misspelled, misspelt, spelled wrong, wrong street, fix it, can you fix, mistake in',
  address:
    '地址 收货地址 门牌号 住址 搬家 街道 收件地址 小区 地址簿 邮编 邮政编码 收件人 | address, addresses, street, house number, flat number, zip, postcode, postal code, moved, moving, po box, recipient, apartment number',
  quantity:
    '数量 多买 加一件 几件 个数 加购 多拍 | quantity, how many, one more, add an item, add another, number of, more of',
  colour:
    '颜色 白的 黑的 红的 蓝的 灰的 灰色 黑色 白色 蓝色 绿色 红色 粉色 款式 | colour, colours, color, colors, white, black, grey, gray, blue, red, green, pink, shade',
  size: '尺寸 大小 尺码 大一号 小一号 买小 买大 太大 太小 多大 多高 多宽 多长 高度 宽度 | size, sizes, small, smaller, larger, bigger, too big, too small, dimensions, how big, how tall, how wide, =fit, fits, measurements',
  stock:
    '缺货 没货 库存 有货 补货 断货 到货提醒 卖完 售罄 没库存 上架 到货 什么时候有 抢不到 有没有货 啥时候有货 | stock, restock, restocked, sold out, out of stock, available, availability, back in stock, in stock again, come back, unavailable, be back, back again, come back in, run out of',
  remind:
    '提醒 通知 叫我 告诉我 喊我 通知我 | remind, reminder, notify, notification, alert, let me know, tell me when',
  confirm:
    '确认短信 确认邮件 下单成功 下单确认 订单确认 没短信 没邮件 成功没 是否成功 看不到订单 没有订单 没显示订单 下单没反应 | confirmation, confirmed, confirm, mail saying, email saying, confirmation email, did my order go through, order placed, been placed, cant see any order, cant see my order, order went through, no order number, did you get my order',
  gift: '礼物 送人 礼盒 礼品 贺卡 送朋友 卡片 当礼物 送给 写祝福 祝福 包成礼物 送礼 附卡片 | gift, present, wrap, wrapped, wrapping, giftwrap, greeting card, handwritten note, gift note, personal message, for a friend, as a gift, make it a gift, present for, ribbon, gift box, nicely, wrap it, wrap it nicely, for my sister, for my mum, for my dad, for my wife',
  limit:
    '限购 最多 上限 几件 最多买 只能买 | limit, limits, maximum, max, at most, how many can i, only buy, wont let me add, why cant i, more than, per customer, per person, basket, cart',
  refuse:
    '拒收 不签 不收 拒签 不想收 | refuse, refused, refusing, reject the parcel, turn away, not accept, decline the parcel, dont accept, send it away',

  // Returns and refunds
  return:
    '退货 退回 退掉 想退 给退 能退 可以退 退吗 退么 退不退 退换 寄回 退回去 要退 退 退的货 | return, returns, returned, returning, send back, send it back, sent back, sent it back, bring back, take back, take it back, give back, give it back, shipped back, sending it back, send an item back, sending back, bring it back, go back, sending something back, mail it back, ship it back',
  refund:
    '退款 退钱 退费 返还 退我 少退 钱 打款 到账 钱退 还我钱 钱啥时候回 退回来的钱 | refund, refunds, refunded, money back, reimburse, reimbursed, reimbursement, my money, get my money, my cash, see my cash, money be back, the money back, give me my money',
  exchange:
    '换货 更换 换新 换个 调换 退换 换一个 换大 换小 换颜色 想换 能换 换 | exchange, exchanged, swap, swapped, replace, replacement, replaced, another one, different one, new one, trade it',
  faulty:
    '质量问题 坏了 坏掉 故障 失灵 不能用 用不了 充不进 不亮 不工作 没反应 失效 瑕疵 次品 没声音 没声 开不了机 打不开 不灵 不好使 毛病 坏的 质量差 罢工 断电 不转 | faulty, broken, broke, defect, defective, not working, stopped working, doesnt work, does not work, isnt working, wont work, fault, dead, wont turn on, wont charge, not charging, doesnt charge, malfunction, quality problem, poor quality, died, quit working, fell apart',
  damaged:
    '破损 损坏 碎了 碎 摔坏 瘪 压坏 破了 裂 变形 划痕 烂了 压扁 摔 磕 磕碰 摔碎 破掉 碎掉 压烂 | damaged, damage, shattered, smashed, cracked, crushed, dented, in pieces, scratch, scratched, torn, bent, arrived broken, came broken, leaking, came shattered, broken glass, broken on arrival, was broken, came in pieces, ripped',
  wrongitem:
    '发错 错货 寄错 你们寄来 不是我买的 发来的是 拿错 送错 货不对 不对版 不是我要的 跟我买的不一样 寄来个 颜色不对 颜色发错 尺寸不对 型号不对 收到白色 收到黑色 | wrong item, wrong product, wrong thing, wrong one, wrong colour, wrong color, wrong size, someone elses product, someone elses order, someone elses item, not what i ordered, different product, mixed up, you sent me, sent me, instead of, got white, got black, ordered black, ordered white, got a different, received a different, but ordered, instead i got, i ordered a, sent the wrong, not the one',
  incomplete:
    '少件 漏发 缺件 没有说明书 少发 没有数据线 缺 漏 少了个 少一个 里面没有 没给 没配 少东西 盒子里没有 没看到 没放 少了两 少了几 没见到 里面少 少了根 少了条 少根 | missing part, missing parts, missing item, missing items, no charger, no cable, no manual, not in the box, not in the package, incomplete, forgot to include, without the, werent in, wasnt in, parts missing, empty box, in the package, nothing inside, there is no, isnt in the box, screws missing, cable missing, box was missing, left out, no instructions, part was missing, wasnt in there, not in there, wasnt included, not included, came without, missing from',
  packaging:
    '包装 包装盒 纸盒 外包装 原包装 盒子 原盒 箱子扔 | packaging, original box, original packaging, threw away the box, threw the box, threw out the box, no box, without box, without the box, carton, wrapping, opened the box, thrown away the box',
  opened:
    '拆封 拆开 打开 开封 用过 拆了 拆过 已使用 试过 试用 戴过 睡过 贴身 | opened, used, unsealed, worn, tried, unwrapped, hygiene, personal care, underwear',
  freegift:
    '赠品 送的 附赠 小礼物 送我的 | free gift, freebie, bonus item, gift you sent, free item, gift that came, came free',
  partial:
    '部分 一部分 其中一件 只退 一件 其中 留下 只要退 里面的一个 | partial, partially, part of the order, only one, one of, some of, just one, keep, keeping, one item, return one',
  regret:
    '无理由 不喜欢 后悔 不咋地 不满意 不合适 不想要 不好看 不想留 不合心意 | no reason, changed my mind, dont like, didnt like, not like, regret, unwanted, not happy with, dont want it, dont need, dont want, dislike',
  tocard:
    '退到哪 原路 退回到 哪张卡 退去哪 别的卡 另一张 换张卡 退到微信 退到余额 退支付宝 退零钱 哪个账户 退哪里 钱退 | original payment method, original card, other card, another card, different card, card instead, to my bank, to my account, same card, which card, where does the refund, where will the refund, which account, refund to a different, somebody elses card, husbands card, wifes card, money go, does the money go, pay me back, paid back to, refund go',
  closedcard:
    '销户 卡注销 注销的卡 卡停用 换卡 银行卡注销 卡没了 卡丢了 卡不用了 卡过期 挂失 原来的卡 停卡 那张卡没 | closed card, expired card, no longer have, old card, lost card, cancelled card, card was cancelled, card expired, card closed, closed account, closed my account, bank account closed, new card, card is cancelled, card is closed, card is gone, card was replaced, changed banks, switched banks, replaced card, lost the card',
  points: '积分 攒的分 点数 分数 分 | points, point, reward, rewards, loyalty points, loyalty',
  voucher:
    '优惠券 券 满减券 红包 优惠码 折扣码 代金券 满减 抵扣券 抵用券 券码 兑换码 折扣券 | voucher, vouchers, coupon, coupons, promo code, promotion code, discount code, promo codes, code, coupon code, voucher code, redeem',
  invalid:
    '用不了 不能用 无效 不可用 用不上 没法用 显示不可用 抵不了 失效 没生效 | invalid, does not work, doesnt work, not work, not accepted, not valid, wont apply, cant use, cannot use, rejected, not applied',
  currency:
    '汇率 换算 货币 币种 外币 美元 欧元 英镑 日元 结算 人民币 换汇 | exchange rate, conversion, converted, currency, currencies, euros, euro, dollars, dollar, pounds, pound, usd, eur, gbp, yen, rmb, yuan',

  // Paying
  pay: '付款 支付 付 给钱 交钱 买单 付钱 结账 缴费 | pay, payment, payments, paid, paying, checkout, check out',
  methods:
    '付款方式 支付方式 怎么付 能用什么付 支持哪些付款 可以用 刷卡 收不收 支持什么付款 怎么给钱 信用卡可以吗 刷信用卡 | payment methods, payment options, ways to pay, how can i pay, do you take, do you accept, accept, accepted, take visa, pay with, pay by, can i use, accept paypal, take paypal, take cards, accept cards, which cards',
  failed:
    '失败 不成功 付不了 被拒 拒绝 付不出 提交不了 报错 错误 付不进 支付不了 过不去 刷不过 刷不了 刷不出 付不成功 一直失败 支付异常 付不了款 付不掉 | fail, failed, fails, failing, declined, rejected, not go through, unsuccessful, wont go through, error, keeps getting, doesnt go through, cant pay, not processed, denied, doesnt work at checkout, not working at checkout, blocked, cant check out, bank refused, error at checkout, bank says no, says no, wont accept, not accepting, keeps failing, wont take my card, wont let me pay',
  card: '银行卡 信用卡 储蓄卡 卡 visa 万事达 维萨 | card, cards, credit card, debit card, visa, mastercard, amex, american express',
  wallet: '微信 支付宝 花呗 云闪付 零钱 | wechat, alipay, paypal, apple pay, google pay, wallet',
  charged:
    '扣款 扣了 扣钱 划走 扣费 扣我 收了我 扣了我 | charged, took money, took the money, take money, money taken, debited, deducted, =billed, taken from my account, charged me',
  twice:
    '两次 两笔 重复 双份 多扣 两遍 一模一样 二次 多收 | twice, two times, double, doubled, duplicate, duplicated, two charges, second time, charged again, two payments, same amount',
  unpaid:
    '未付款 没付款 没付 待付款 没给钱 没来得及 没付钱 保留 还没付 忘了付 不付款 忘付款 没付成 晚点付 过会儿付 没付款的单 | unpaid, not paid, havent paid, didnt pay, pay later today, hold my order, held, reserve, reserved, keep my order, forgot to pay, pending payment, before i pay, waiting for payment, hadnt paid, have to pay, pay later, cancelled automatically, order expired, before it is cancelled, dont pay, if i dont pay, didnt pay yet, not paid yet, my basket, my cart',
  instalment:
    '分期 分几期 花呗 分几个月 月付 分开付 分期付款 免息 先买后付 先用后付 慢慢还 每个月还 | instalment, instalments, installment, installments, split the payment, monthly, over a few months, over several months, klarna, pay later, in parts, three payments, spread the cost, buy now pay later, pay in parts, pay bit by bit, pay over time',
  cod: '货到付款 到付 现金 收到再付 验货 先送来 到了再付 见货付款 当面付 再给钱 再付款 收到货再 到了再给 货到再付 | cash on delivery, cash, cod, pay the courier, pay when, when the courier, when it arrives, upon delivery, pay on delivery, on arrival, pay the driver, pay on receipt, pay at the door',
  transfer:
    '转账 汇款 对公 打款到 公司账户 银行转账 汇到 对公账户 | bank transfer, wire transfer, wire, iban, transfer the money, bank details, pay by transfer, sepa',
  scam: '诈骗 骗子 骗 可疑 钓鱼 冒充 假客服 骗我 安全吗 骗局 泄露卡号 让我转账 有人打电话 自称客服 电话说 可信 可靠 陌生电话 钓鱼网站 上当 自称 假的客服 | scam, scams, fraud, fraudulent, phishing, suspicious, fake, safe, secure, security, stranger asked, asked me for, asking for my card, pretending, someone called, called me, claiming to be, is that you, is this really you, store my card, card details, strange call, strange email, someone phoned, got a call, phoned me, wanted my card, strange text, suspicious message',

  // Invoices
  invoice:
    '发票 开票 票据 补票 收据 票 电子发票 专票 普票 报销 小票 开具 开个票 税票 | invoice, invoices, receipt, receipts, fapiao, bill, proof of purchase, e-fapiao, download the invoice, billing document',
  vatinvoice:
    '专票 专用发票 增值税专用 一般纳税人 抵扣 | special vat, vat invoice, special invoice, input tax, deduct vat',
  title:
    '抬头 税号 开错 写错抬头 重开 抬头错 换抬头 名称错 | company name, invoice title, tax number, name on the invoice, wrong name, wrong title, reissue, corrected invoice, correct invoice, tax id, vat id, vat number',
  amount:
    '金额 面额 全额 多少金额 实付 按什么金额 开多少 全额开 | amount, total, sum, value, amounts, list price, which price, price on the invoice',
  company:
    '公司 企业 单位 对公 团购 采购 办公 年会 员工 批发 大量 大批 批量 公司福利 福利 几十个 上百 财务 买50 买100 订做 定制 logo 批量买 几百个 两百个 一百个 三百个 | company, business, corporate, firm, employer, enterprise, team, wholesale, bulk, b2b, employees, staff gifts, large order, for the office, for our office, large quantity, 50 pieces, 100 pieces, quantity discount, large quantities, many units, organisation, for my staff, customised, custom logo, corporate gifts, for our staff, our staff, our employees, for my company, hundred',
  email:
    '邮箱 邮件 邮箱里 换邮箱 改邮箱 | email, e-mail, mail, inbox, spam, mailbox, email address, e-mail address',

  // Account
  account: '账号 账户 帐号 帐户 用户 个人中心 | account, profile, user account',
  register:
    '注册 开户 游客 注册账号 不注册 申请账号 开个号 没账号 开账号 用微信登录 一键登录 必须注册 没有账号 | register, registration, sign up, signup, create account, create an account, open an account, make an account, guest, guest checkout, without account, without an account, need an account, have to register, without registering, join, without making, making a profile, make a profile, opening an account',
  login:
    '登录 登陆 登不上 登不进 登不进去 进不去 上不去 登不了 进不了 登录不了 | log in, login, logging in, sign in, signin, sign-in, cant get in, locked out, cannot access, access my account, cant sign in, cant log in, unable to log in',
  code: '验证码 短信码 校验码 动态码 动态密码 验证短信 | verification code, sms code, login code, otp, security code, pin code, code, text message, passcode, pin, text with the pin, texted code, verification text, sign-in code',
  password: '密码 口令 登录密码 | password, passwords, passcode, pasword, passwort, pwd',
  forgot:
    '忘记 忘了 想不起来 不记得 记不得 记不住 忘掉 | forget, forgot, forgotten, cant remember, dont remember, cannot remember, lost my',
  phone:
    '手机号 号码 换号 手机 绑定 新号 旧号 换手机号 换了号 改手机号 换绑 换号了 新手机号 | phone number, mobile number, mobile, cell phone, new number, number changed, linked number, phone, change my number, changed my number, different number, lost access to my number, new phone, sim, sim card, new sim, cell number',
  deleteaccount:
    '注销 销号 删除账号 注销账号 删号 销户 不想用了 注销掉 关闭账号 弄没 账号删 不要这个账号 | delete my account, delete account, delete all my, close account, close my account, deactivate, remove my account, erase my account, and my account, get rid of my account, wipe, close it down, erase everything, everything about me, shut down my account, deleted for good',
  remove: '删除 清除 删掉 去掉 撤下 | delete, deleting, remove, erase, clear, take down',
  privacy:
    '隐私 个人信息 数据 信息泄露 泄露 我的资料 个人资料 信息安全 | privacy, personal data, personal information, gdpr, data, data do you hold, what do you know about me, my information, hold on me, share my data, export',
  hacked:
    '被盗 盗号 异常登录 被别人 盗了 陌生 不是我下的 异地登录 别人登 被黑 被盗用 不认识的 可疑登录 异常 别人用我 拿我账号 用我账号 | hacked, hack, stolen, someone got into, someone else used, suspicious login, compromised, unauthorised, unauthorized, hijacked, not me, someone logged, into my account, strange login, didnt make, did not place, didnt place, unknown login, not mine, i dont recognise, i dont recognize, login alert, strange purchases, strange orders, arent mine, isnt mine, wasnt me, someone bought, someone ordered',
  unsubscribe:
    '退订 别发 不要发 广告短信 骚扰 营销 推销 广告 别再发 垃圾短信 别给我发 推广 推广短信 订阅 群发 宣传短信 营销短信 老给我 别老发 | unsubscribe, stop sending, stop emailing, stop texting, stop messages, ads, advert, newsletter, newsletters, marketing, opt out, promotional, adverts, advertising, too many emails, mailing list, marketing messages, text messages from you, unsubscribed, spam from you, promo mails, promo emails, take me off, off the list, mailing lists',
  member:
    '会员 等级 升级 金卡 银卡 vip 黑卡 权益 会员等级 金牌 银牌 | member, members, membership, level, levels, tier, tiers, gold, silver, platinum, vip, benefits, perks',
  expire:
    '过期 到期 清零 失效 年底 作废 有效期 过不过期 会没 还有效 能用到 什么时候过期 用到什么时候 | expire, expires, expired, expiry, run out, valid, end of year, end of the year, go away, lose my, lapse, use by, still good, run out of time, expiration',

  // Offers
  discount:
    '优惠 折扣 打折 便宜 减 活动 促销 特价 立减 打几折 力度 便宜点 少点 | discount, discounts, offer, offers, deal, deals, cheaper, promotion, promotions, percent off, money off, reduced',
  newcustomer:
    '新人 新用户 首单 第一次买 头一回 新客 第一次下单 首次 第一单 刚注册 第一次 | new customer, new customers, first order, first purchase, first time, first-time, new user, new here, welcome, newbie, just signed up',
  bigsale:
    '大促 双十一 双11 618 黑五 双12 什么活动 购物节 年货节 促销季 | black friday, singles day, big sale, cyber monday, prime day, sales, sale, 618, double 11, seasonal sale, 11.11',
  presale:
    '预售 定金 尾款 订金 预定 预订 | pre-order, preorder, pre order, deposit, balance payment, final payment, presale, pre-sale',
  refer:
    '邀请 拉朋友 拉人 拉新 朋友来买 邀请码 介绍朋友 介绍 推荐朋友 推荐给 带朋友 拉个 | refer, referral, refer a friend, invite, inviting, invitation, bring a friend, recommend you, tell my friends, recommend to a friend, friend signs up, friend joins, friend, friends, my friend buys',
  birthday: '生日 过生日 生日当天 寿星 | birthday, bday, birthdays',
  giftcard:
    '礼品卡 购物卡 储值卡 充值卡 礼券 | gift card, gift cards, giftcard, giftcards, gift voucher, gift certificate, store credit',
  student:
    '学生 大学生 学生证 学生党 上学 在校 研究生 教育优惠 读书 校园 | student, students, university, college, school, study, studying, uni, student id, edu',
  priceprotection:
    '降价 保价 价格保护 买贵 差价 补差 便宜了 刚买就 价保 贵了 又降 退差 便宜了这么多 昨天买 前几天买 跌价 今天降 刚买完 买完就 | price protection, price drop, dropped, price adjustment, cheaper now, went down, price match, lower price, on sale now, overpaid, paid more, got cheaper, cheaper after, cheaper today, difference refunded, bought it yesterday, price has dropped, cheaper than i paid, reduced after, price fell, price went down the day after, went on sale, lower now, after i bought',
  stack:
    '叠加 一起用 同时用 一块用 同享 一起使用 再用 两张 两张券 几张券 多张 | combine, combined, stack, stacking, both, at once, two codes, two vouchers, together, more than one, on top, as well as, two coupons, several coupons, several codes, multiple, use both, combine with, together with, along with',

  // After the sale
  complain:
    '投诉 举报 不满 态度 太差 很差 垃圾 气死 不负责 敷衍 恶劣 差劲 没人管 骂人 骂我 没礼貌 凶 | complain, complaint, complaints, unhappy, rude, terrible, dissatisfied, bad service, unacceptable, awful, impolite, lied, ignored, unhelpful, treated, speak up, insulted, yelled, shouted, unfriendly, threw, unprofessional',
  staff:
    '客服 工作人员 接待 售后 业务员 坐席 | agent, staff, support, customer service, customer support, representative, rep, employee, your colleague, advisor',
  human:
    '人工 真人 转人工 活人 人工客服 机器人 找个人 有人吗 人呢 别机器 来个人 接线员 换个人 活的 | human, real person, somebody real, someone real, speak to, talk to, live person, operator, live agent, a person, not a robot, bot, robot, actual person, real human, live chat, real agent, speak with someone, talk with someone, someone in charge, get me a',
  hours:
    '几点 上班 下班 营业 工作时间 在线时间 客服时间 半夜 晚上有人 几点开 几点关 24小时 热线 联系方式 电话多少 | hours, =open, opening, closing, what time, opening hours, business hours, 24 hours, night, at night, call you, hotline, contact, phone you, reach you, get hold of you, are you there, anyone there, anybody there, at the weekend, around the clock',
  authority:
    '消费者协会 消协 12315 起诉 工商 律师 仲裁 法院 打官司 告你们 市场监督 调解 曝光 找媒体 报警 维权 投诉到 | consumer protection, ombudsman, court, lawyer, sue, trading standards, legal, legal action, dispute, outside body, authority, authorities, mediation, arbitration, consumer association, chargeback, police, report you to, take you to, small claims, legal steps',
  genuine:
    '正品 真假 假货 防伪 山寨 真的 仿品 假的 真货 鉴定 是不是真 正不正 保真 真伪 | genuine, authentic, authenticity, fake, counterfeit, original, knockoff, knock-off, real or fake, is this real, legit, real thing, original product, is it real, real brand, copy, replica, imitation, official, counterfeits',
  danger:
    '鼓包 鼓起来 鼓了 发热 发烫 冒烟 漏电 着火 爆炸 起火 危险 电到 触电 烫 膨胀 烧焦 糊味 麻手 冒火 焦味 异味 烧了 受伤 炸了 起泡 烫手 过热 | swollen, swelling, overheat, overheating, overheats, very hot, too hot, smoke, smoking, fire, electric shock, shock, explode, exploded, dangerous, burn, burned, burnt, burning, bulging, spark, sparks, melted, bloated, hurt, injured, injury, smells burnt, burning smell, fire hazard, expanded, puffed up, unsafe',
  warranty:
    '保修 质保 保修期 质保期 三包 保几年 保多久 包修 联保 质保多久 过保 在保 | warranty, guarantee, guaranteed, warranties, =covered, under warranty, still covered, how many years, things covered, is it covered, am i covered',
  repair:
    '维修 修 送修 寄修 修理 返修 修一下 怎么修 修好 坏了怎么修 返厂 售后维修 | repair, repairs, repaired, fix, fixed, fixing, mend, service centre, service center, send it in, broke after, what now, under repair, service it, get it mended, mended, get it fixed, be fixed, have it repaired',
  spare:
    '配件 备件 零件 替换件 耳塞套 单买 单独买 单卖 另买 配一个 另配 补买 替换 耗材 滤芯 螺丝 地钉 键帽 单独卖 补一个 掉了一个 少了个耳塞套 | spare, spares, spare part, spare parts, replacement part, accessory, accessories, buy separately, separately, just the cable, only the, extra ear tips, ear tips, sell just, buy just, on its own, peg, screws, screw, keycap, filter, spare cable, lost a piece, where can i get one, buy another, ear tip, ear cushion, spare ear',
  shop: '实体店 门店 线下 专卖店 店铺 看实物 体验店 自提 店里 自己去拿 到店 线下买 现场 有店 店在哪 哪有店 看看实物 | physical shop, store, stores, shop in person, showroom, visit, in person, retail, brick and mortar, see it before, try it before, come by, collect it myself, self-collection, walk in, pick up my order at, at your warehouse, local store, come and see, nearest shop, any shop, look at it, touch it, see it in real life, any store, nearby store, a store near',
  recycle:
    '回收 旧电池 扔 丢弃 以旧换新 处理掉 废旧 扔哪 报废 旧的 废电池 废 旧充电宝 旧手机 旧电器 环保 丢掉 怎么扔 扔哪里 扔掉 | recycle, recycling, recycled, dispose, disposal, disposing, trade in, trade-in, throw away, throw out, old battery, old device, get rid of, bin, old electronics, take back old, e-waste, old charger, old phone, dead battery, dead batteries, used batteries, used battery',
  assemble:
    '安装 组装 上门安装 给装 拼装 装好 装起来 帮装 帮忙装 包安装 不会装 装吗 帮着装 | assemble, assembled, assembly, install, installed, installation, put together, set it up, setting up, build it, put the desk together, put it together, build it for me, set up my desk',
  language:
    '语言 中文 英文 日语 说英语 外语 德语 法语 英语 韩语 会说 讲英语 讲中文 | language, languages, speak, german, french, spanish, english, chinese, japanese, korean, italian, russian, deutsch, mandarin, en español, français, in english, in chinese, auf deutsch, do you do',
  suggest:
    '建议 意见 反馈 提议 提个意见 希望你们 提点 改进 希望 能不能出 建议你们 想提 提个 | suggestion, suggestions, feedback, idea, ideas, improve, improvement, you should, could you make, wish you, report a bug, would be nice, please add, have an idea, an idea for you',
  review:
    '评价 评论 好评 差评 晒单 打分 追评 给星 几星 写评 | review, reviews, reviewed, rating, ratings, stars, comment, rate a product',
  about:
    '品牌 什么牌子 哪里的 公司介绍 什么公司 哪国 谁家 创立 哪家公司 靠谱 介绍一下 你们店 你们公司 你们是 | brand, about you, about your company, what company, who are you, who owns, where are you based, headquarters, founded, behind, what is, your company, company based, tell me about, where do you come from, your brand',

  // Products and their use
  battery:
    '电池 续航 电量 充一次 待机 毫安 用多久 能用多久 钟头 几小时 几个小时 一次能 充满 撑多久 一箱水 撑几天 掉电 | battery, battery life, runtime, mah, per charge, one charge, full charge, how many hours, playtime, capacity, run time, one tank, how long does it run, how long does it last, battery last',
  powerbank: '充电宝 移动电源 | power bank, power banks, powerbank, portable charger, power pack',
  charger:
    '充电器 充电头 快充 充电 快充头 插头 | charger, chargers, charging, charge my, fast charge, fast charging, power adapter, power brick',
  port: '插口 接口 几个口 孔 usb 端口 type-c 投屏 几个插 | port, ports, usb, usb-c, socket, sockets, hdmi, connector, connectors, outputs',
  weight:
    '重量 多重 几斤 重不重 克 公斤 沉 几克 | weight, weigh, weighs, how heavy, grams, kg, light enough, lightweight',
  waterproof:
    '防水 下雨 进水 淋雨 洗澡 泡水 雨天 防雨 浴室 防潮 雨里 漏雨 暴雨 | waterproof, water resistant, water-resistant, rain, rainy, shower, splash, ipx, wet, pool, bath, swim, submerge, storm',
  wash: '洗 机洗 清洗 清洁 洗衣机 洗碗机 保养 打理 | wash, washed, washing, washing machine, machine washable, dishwasher, dish washer, clean, cleaning, washable, care, maintain',
  noise:
    '噪音 静音 吵 声音大 声音 响不响 吵不吵 分贝 | noise, noisy, loud, quiet, silent, quietly, decibel, wake',
  temperature:
    '温度 零下 保温 冷 热 多少度 加热 度数 暖 冬天 几度 | temperature, temperatures, degrees, cold, warm, hot, below zero, freezing, winter, keep warm, celsius, minus',
  voltage:
    '电压 伏 插头 110v 220v 转换插头 插座 | voltage, volt, volts, 110v, 120v, 220v, 230v, plug, plugs, outlet, wall socket, travel adapter',
  flight:
    '飞机 高铁 登机 托运 坐飞机 机场 安检 火车 随身 上飞机 | plane, flight, flights, fly, flying, airport, carry on, carry-on, hand luggage, luggage, airplane, aeroplane, cabin, train, checked bag',
  pair: '配对 连接 连不上 蓝牙 连 连电脑 连手机 搜不到 切换 第二台 换设备 连接设备 | pair, paired, pairing, connect, connected, connecting, bluetooth, connection, find device, link, switch devices, second device, second computer, wont connect, not connecting',
  reset: '重置 复位 恢复 重启 恢复出厂 | reset, restart, reboot, restore, factory settings',
  oneside:
    '单边 一边 一只 左耳 右耳 右边 左边 一侧 单耳 | one side, left, right, one ear, only one side, left one, right one, one earbud',
  earbuds:
    '耳机 耳塞 蓝牙耳机 | earbuds, earbud, earphones, headphones, earphone, headset, buds, airpods, earpiece, in-ear',
  anc: '降噪 主动降噪 | noise cancelling, noise canceling, noise-cancelling, anc, noise cancellation',
  laptop: '笔记本 电脑 笔记本电脑 | laptop, computer, notebook, macbook, pc',
  backpack: '背包 书包 双肩包 登山包 包 | backpack, rucksack, bag, hiking bag',
  bottle: '保温杯 水杯 杯子 | bottle, flask, thermos, mug, tumbler, vacuum flask',
  pillow: '枕头 乳胶枕 枕 枕芯 | pillow, pillows',
  desk: '升降桌 桌子 电动桌 书桌 电脑桌 | desk, standing desk, table',
  lamp: '台灯 护眼灯 灯 | lamp, desk lamp, reading lamp, light',
  headlamp: '头灯 | headlamp, head torch, headlight, head lamp, torch',
  kettle: '电热水壶 热水壶 烧水壶 水壶 烧水 | kettle, boil, water boiler',
  speaker: '音箱 音响 喇叭 | speaker, speakers, boombox',
  tent: '帐篷 搭帐篷 | tent, tents, pitch',
  sleepingbag: '睡袋 | sleeping bag, sleeping bags',
  camping: '露营 野营 野外 过夜 户外 装备 | camping, camp, outdoor, outdoors, hiking, gear, campsite',
  limescale:
    '水垢 白色粉末 白粉 水碱 白色的粉 水渍 | limescale, white powder, scale, white dust, mineral, calcium, residue, descale',
  errorcode: '故障代码 报错 错误代码 代码 | error code, error codes, shows error, error',
  mouse: '鼠标 | mouse, mice',
  keyboard: '键盘 机械键盘 轴体 按键 | keyboard, keyboards, mechanical, =switches, keycaps',
  hub: '扩展坞 拓展坞 转接头 集线器 | hub, dock, docking station, dongle',
  humidifier: '加湿器 | humidifier, humidifiers, mist',
  chair: '折叠椅 椅子 凳子 | chair, chairs, folding chair, stool',
};
