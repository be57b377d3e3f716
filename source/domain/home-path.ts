import {UserError} from '../errors.ts';
import {fromText, type RawPath} from './raw-name.ts';

/**
The path below the home that an operator means: relative to the home, or absolute inside it. Literal: nothing in it is a pattern.
@param text As typed.
@param home Raw and absolute; `null` where it is not known any more.
@throws UserError `notFound` for an absolute path outside the home, `usage` for one that climbs out.
*/
export const parseHomePath = (text: string, home: RawPath | null): RawPath => {
	const raw = fromText(text);
	const components = splitPath(raw);

	if (components.includes('..')) {
		throw new UserError(`The path "${text}" climbs with "..".`, {code: 'usage', hint: 'Write it as it is below the home.'});
	}

	if (!raw.startsWith('/')) {
		return components.join('/');
	}

	const base = home === null ? [] : splitPath(home);
	const isInside = home !== null && base.every((component, index) => components[index] === component);

	if (!isInside) {
		throw new UserError(`The path "${text}" is not inside the home${home === null ? ', which is not known any more' : ''}.`, {
			code: 'notFound',
			hint: 'Write it relative to the home: public_html/index.php.',
		});
	}

	return components.slice(base.length).join('/');
};

const splitPath = (path: RawPath): readonly RawPath[] => path.split('/').filter(component => component !== '' && component !== '.');
