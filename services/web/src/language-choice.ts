/** The page's language: the browser's, until the reader picks the other one with the page's toggle. */
import { applyTexts, byId } from './dom.js';
import { preferredLanguage, texts, type Language, type Texts } from './texts.js';

const storageKey = 'frontdesk.language';

export class LanguageChoice {
  private language: Language = preferredLanguage(localStorage.getItem(storageKey), navigator.languages);
  private readonly toggle = byId('language', HTMLButtonElement);

  constructor() {
    this.show();
    this.toggle.addEventListener('click', () => {
      this.language = this.language === 'zh' ? 'en' : 'zh';
      localStorage.setItem(storageKey, this.language);
      this.show();
    });
  }

  get texts(): Texts {
    return texts[this.language];
  }

  /** As the gateway takes it. */
  get locale(): Language {
    return this.language;
  }

  onChange(listener: (texts: Texts) => void): void {
    this.toggle.addEventListener('click', () => listener(this.texts));
  }

  private show(): void {
    const t = this.texts;
    document.documentElement.lang = t.documentLanguage;
    this.toggle.textContent = t.otherLanguage;
    this.toggle.setAttribute('aria-label', t.otherLanguageLabel);
    applyTexts(document, t);
  }
}
