/** Starts the customer's chat page: language, key, conversation. */
import { ChatSession } from './chat-session.js';
import { ChatView } from './chat-view.js';
import { Gateway } from './gateway.js';
import { LanguageChoice } from './language-choice.js';
import { askForKey, findKey, loadPageConfig, replaceKey } from './page-key.js';

const language = new LanguageChoice();
const config = await loadPageConfig();
const key = findKey('channelKey', config) ?? (await askForKey('channelKey'));

const session = new ChatSession({
  gateway: new Gateway(key),
  ...(config.bot ? { bot: config.bot } : {}),
  locale: () => language.locale,
  storage: localStorage,
  onChange: () => view.changed(),
  onKeyRefused: () => void replaceKey('channelKey'),
});
const view = new ChatView(
  language.texts,
  () => session.state,
  {
    send: (text) => void session.send(text),
    retry: (entry) => void session.retry(entry),
    rate: (seq, rating) => session.rate(seq, rating),
    askForPerson: () => void session.askForPerson(),
    startOver: () => session.startOver(),
  },
  config.showUnderstanding ?? false,
);
language.onChange((t) => view.speak(t));
await session.resume();
