import {fit} from '../look/fit.ts';
import {muted, type Line} from '../look/span.ts';

/** `   Email        alice@example.com`. */
export const factLine = (title: string, value: Line): Line => [{text: ' '.repeat(3)}, muted(fit(title, 13)), ...value];
