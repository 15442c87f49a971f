/** Starts the agent page: language, key, desk. */
import { AgentDesk } from './agent-desk.js';
import { AgentView } from './agent-view.js';
import { Gateway } from './gateway.js';
import { LanguageChoice } from './language-choice.js';
import { askForKey, findKey, loadPageConfig, replaceKey } from './page-key.js';

const language = new LanguageChoice();
const key = findKey('agentKey', await loadPageConfig()) ?? (await askForKey('agentKey'));

const desk = new AgentDesk({
  gateway: new Gateway(key),
  onChange: () => view.changed(),
  onKeyRefused: () => void replaceKey('agentKey'),
});
const view = new AgentView(language.texts, desk);
language.onChange((t) => view.speak(t));
await desk.start();
