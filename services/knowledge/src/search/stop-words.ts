/** Words that say nothing about the topic of a question: grammar, politeness, and the fillers of a chat. */
const CHINESE =
  '的 了 是 我 你 您 他 她 它 们 我们 你们 他们 在 有 和 就 都 而 及 与 着 或 把 被 让 给 对 向 从 到 吗 呢 吧 啊 呀 嘛 么 哦 噢 哈 呗 咯 哎 喂 嗯 咋 咋整 咋办 咋样 啥 怎么 怎样 怎么办 怎么样 如何 什么 哪 哪个 哪些 请 请问 问 一下 谢谢 麻烦 你好 您好 在吗 在嘛 这 那 这个 那个 这些 那些 也 还 又 再 才 只 很 太 好 真 可以 能 能不能 可不可以 会 要 想 需要 行 行不行 不 没 吗 之 为 为什么 为啥 一 个 来 去 说 里 上 下 家 点 是不是 有没有 多 多少 几 时候 人 东西 知道 帮 帮我 下 先 后 以 可 用 但 但是 如果 因为 所以 已经 刚 刚才 现在 就是 还是 没有 之后 以后 一直';
const ENGLISH =
  'a an the i im ive id ill me my mine we us our you your youre u ur he him his she her it its they them their this that these those there here is are was were be been being am do does did doing done have has had having can could cant will would wont shall should may might must of in on at for from with by to into as and or but if so then than not no dont doesnt didnt isnt wasnt please pls plz thanks thank hi hello hey what whats which who how when where why whether just about any some get got getting go going want wanted need like really very much too also still yet ok okay tell know one thing things stuff help say says im let lets all more';

const STOP_WORDS = new Set([...CHINESE.split(' '), ...ENGLISH.split(' ')]);

export function isStopWord(word: string): boolean {
  return STOP_WORDS.has(word);
}
