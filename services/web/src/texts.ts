/**
 * Every word the pages show, but the names of intents, in both languages. The compiler holds the Chinese table to the
 * English one.
 */
import type { Failure, FailureCode } from './failure.js';

export type Language = 'en' | 'zh';

/** What can be felt of a message, as the gateway names it. */
export const emotions = ['angry', 'anxious', 'sad', 'happy', 'neutral'] as const;
export type Emotion = (typeof emotions)[number];

const en = {
  documentLanguage: 'en',
  otherLanguage: '中文',
  otherLanguageLabel: '切换到中文',

  chatTitle: 'Support',
  agentTitle: 'Agent desk',
  connected: 'Connected',
  connecting: 'Reconnecting…',
  newChat: 'New chat',
  welcome: 'How can we help?',
  welcomeMore: 'Ask about orders, delivery, returns or our products. You can ask for a person at any time.',
  examples: ['Where is my order?', 'How do I return an item?', 'How long does delivery take?'],
  conversation: 'Conversation',
  messageLabel: 'Your message',
  messagePlaceholder: 'Write a message…',
  send: 'Send',
  askForPerson: 'Ask for a person',
  aiNotice: 'Answers are written by an AI and can be wrong.',

  bot: 'Assistant',
  agent: 'Support agent',
  customer: 'Customer',
  you: 'You',
  aiLabel: 'AI-generated',
  degraded: 'Simplified answer',
  degradedMore: 'Some of our systems are slow at the moment, so this answer is simpler than usual.',
  kinds: { flow: 'Live data', faq: 'FAQ', cached: 'Saved answer', clarify: 'Follow-up question' } as Readonly<
    Record<string, string>
  >,
  sources: (count: number) => (count === 1 ? '1 source' : `${count} sources`),
  score: 'Relevance',
  helpful: 'Helpful',
  notHelpful: 'Not helpful',
  thanks: 'Thank you.',
  writing: 'Writing…',
  agentTyping: 'The agent is typing…',
  retry: 'Try again',

  waiting: (position?: number) =>
    position ? `You are number ${position} in line for a person.` : 'A person will be with you soon.',
  active: 'You are talking with a person.',
  handedBack: 'The chat with our agent has ended. The assistant answers again.',

  keyTitle: 'Enter your key',
  channelKeyMore: 'This page needs a channel key (fd_channel_…). It stays in this tab.',
  agentKeyMore: 'This page needs an agent key (fd_agent_…). It stays in this tab.',
  keyLabel: 'Key',
  keyRefused: 'This key was refused. Check it, or ask for a new one.',
  enter: 'Continue',

  presence: 'Your status',
  online: 'Online',
  away: 'Away',
  offline: 'Offline',
  queues: 'Conversations',
  waitingQueue: 'Waiting',
  activeQueue: 'With you',
  waitingNone: 'Nobody is waiting.',
  activeNone: 'No conversation yet.',
  accept: 'Accept',
  returnToBot: 'Return to bot',
  close: 'Close',
  replyLabel: 'Your reply',
  replyPlaceholder: 'Write a reply…',
  pickOne: 'Pick a conversation to read it.',
  correct: 'Understood wrongly?',
  intentLabel: 'Intent',
  intentPlaceholder: 'A known one, or a new one',
  emotionLabel: 'Emotion',
  emotionAsRead: 'As understood',
  emotions: {
    angry: 'Angry',
    anxious: 'Anxious',
    sad: 'Sad',
    happy: 'Happy',
    neutral: 'Neutral',
  } satisfies Record<Emotion, string> as Record<Emotion, string>,
  understood: 'Understood as',
  languageLabel: 'Language',
  languages: { en: 'English', zh: 'Chinese' } as Readonly<Record<string, string>>,
  tierLabel: 'Read by',
  tiers: { neural: 'neural model', lexical: 'lexical model' } as Readonly<Record<string, string>>,
  mood: (level: string, trend: string) => `Mood: ${level}, ${trend}`,
  moodFigures: (level: string, slope: string) => `Level ${level}, ${slope} per message`,
  levels: { displeased: 'displeased', uneasy: 'uneasy', calm: 'calm', pleased: 'pleased' },
  trends: { worse: 'getting worse ↘', steady: 'steady →', better: 'getting better ↗' },
  saveCorrection: 'Save',
  corrected: 'Saved. The assistant is learning it.',

  since: (minutes: number) => (minutes < 1 ? 'just now' : `${minutes} min`),

  failures: {
    unreachable: 'We could not be reached. Check your connection.',
    interrupted: 'The connection broke before the answer was complete.',
    unauthorized: 'The key was refused.',
    forbidden: 'This key is not allowed to do that.',
    gone: 'This conversation no longer exists.',
    closed: 'This is not possible any more: the conversation has moved on.',
    too_long: 'The message is too long. Please shorten it.',
    limited: 'Too many messages at once.',
    refused: 'The message could not be accepted.',
    unavailable: 'Something went wrong on our side.',
  } satisfies Record<FailureCode, string> as Record<FailureCode, string>,
  waitSeconds: (seconds: number) => `Please try again in ${seconds} ${seconds === 1 ? 'second' : 'seconds'}.`,
};

export type Texts = typeof en;

const zh: Texts = {
  documentLanguage: 'zh-CN',
  otherLanguage: 'English',
  otherLanguageLabel: 'Switch to English',

  chatTitle: '在线客服',
  agentTitle: '客服工作台',
  connected: '已连接',
  connecting: '正在重新连接…',
  newChat: '新会话',
  welcome: '您好，请问有什么可以帮您？',
  welcomeMore: '可以咨询订单、配送、退换货或商品问题，也可以随时转人工客服。',
  examples: ['我的订单到哪里了？', '怎么申请退货？', '一般几天能送到？'],
  conversation: '会话内容',
  messageLabel: '您的消息',
  messagePlaceholder: '输入消息…',
  send: '发送',
  askForPerson: '转人工客服',
  aiNotice: '回答由 AI 生成，可能有误。',

  bot: '智能助手',
  agent: '人工客服',
  customer: '客户',
  you: '您',
  aiLabel: 'AI 生成',
  degraded: '简化回答',
  degradedMore: '部分系统当前较慢，本次回答比平时简单。',
  kinds: { flow: '实时数据', faq: '常见问题', cached: '已存答案', clarify: '需要确认' },
  sources: (count) => `${count} 条来源`,
  score: '相关度',
  helpful: '有帮助',
  notHelpful: '没有帮助',
  thanks: '感谢反馈。',
  writing: '正在输入…',
  agentTyping: '客服正在输入…',
  retry: '重试',

  waiting: (position) =>
    position ? `正在排队等待人工客服，您排在第 ${position} 位。` : '人工客服很快为您服务。',
  active: '人工客服正在为您服务。',
  handedBack: '人工服务已结束，智能助手继续为您服务。',

  keyTitle: '请输入密钥',
  channelKeyMore: '本页面需要渠道密钥（fd_channel_…），仅保存在当前标签页。',
  agentKeyMore: '本页面需要客服密钥（fd_agent_…），仅保存在当前标签页。',
  keyLabel: '密钥',
  keyRefused: '密钥无效，请检查或重新获取。',
  enter: '继续',

  presence: '您的状态',
  online: '在线',
  away: '离开',
  offline: '离线',
  queues: '会话列表',
  waitingQueue: '排队中',
  activeQueue: '服务中',
  waitingNone: '暂无客户排队。',
  activeNone: '暂无会话。',
  accept: '接入',
  returnToBot: '交回机器人',
  close: '结束',
  replyLabel: '您的回复',
  replyPlaceholder: '输入回复…',
  pickOne: '请选择一个会话。',
  correct: '识别有误？',
  intentLabel: '意图',
  intentPlaceholder: '已有意图或新意图',
  emotionLabel: '情绪',
  emotionAsRead: '不修改',
  emotions: { angry: '愤怒', anxious: '焦急', sad: '难过', happy: '高兴', neutral: '平静' },
  understood: '识别为',
  languageLabel: '语言',
  languages: { en: '英语', zh: '中文' },
  tierLabel: '识别方式',
  tiers: { neural: '神经网络模型', lexical: '词法模型' },
  mood: (level, trend) => `客户情绪：${level}，${trend}`,
  moodFigures: (level, slope) => `水平 ${level}，每条消息 ${slope}`,
  levels: { displeased: '不满', uneasy: '不安', calm: '平静', pleased: '满意' },
  trends: { worse: '正在变差 ↘', steady: '平稳 →', better: '正在好转 ↗' },
  saveCorrection: '保存',
  corrected: '已保存，智能助手正在学习。',

  since: (minutes) => (minutes < 1 ? '刚刚' : `${minutes} 分钟`),

  failures: {
    unreachable: '暂时无法连接，请检查网络。',
    interrupted: '连接中断，回答未完成。',
    unauthorized: '密钥无效。',
    forbidden: '该密钥没有此权限。',
    gone: '该会话已不存在。',
    closed: '会话状态已变化，无法执行此操作。',
    too_long: '消息过长，请缩短后再发送。',
    limited: '发送过于频繁。',
    refused: '消息未被接受。',
    unavailable: '服务暂时出现问题。',
  },
  waitSeconds: (seconds) => `请在 ${seconds} 秒后重试。`,
};

export const texts: Readonly<Record<Language, Texts>> = { en, zh };

/** The language chosen on this page before, else the first of the browser's languages that the pages speak. */
export function preferredLanguage(chosen: string | null, wanted: readonly string[]): Language {
  if (chosen === 'en' || chosen === 'zh') return chosen;
  const known = wanted
    .map((tag) => tag.slice(0, 2).toLowerCase())
    .find((tag) => tag === 'en' || tag === 'zh');
  return known === 'zh' ? 'zh' : 'en';
}

/** A failure as one or two sentences. A refused message carries the gateway's own reason. */
export function sentence({ code, detail, retryAfterS }: Failure, t: Texts): string {
  const more = code === 'refused' ? detail : retryAfterS && t.waitSeconds(retryAfterS);
  return more ? `${t.failures[code]} ${more}` : t.failures[code];
}
