// Conventional commits; the scope is a project (libs/<scope>, services/<scope>) or a top-level folder.
export default {
  extends: ['@commitlint/config-conventional'],
  rules: { 'body-max-line-length': [0], 'footer-max-line-length': [0] },
};
