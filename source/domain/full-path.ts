import {UserError} from '../errors.ts';
import {fromText, toText} from './raw-name.ts';

export const plugins = ['file', 'mysql', 'postgresql', 'mail', 'cron', 'dns', 'cert', 'ftp', 'config', 'dbuser'] as const;

export type Plugin = (typeof plugins)[number];

/** `machine!plugin:[volume]:/path`, or the beginning of one, which covers all below it. */
export type FullPath = {
	readonly machine: string;
	readonly plugin: Plugin | null;
	/** Empty: none. `null`: not said, as in `web1!file`, which covers every volume. */
	readonly volume: string | null;
	/** Without `.`, `..` and empty ones; `null`: stops before the path. */
	readonly components: readonly string[] | null;
};

/**
Reads a full path as it was typed.
@throws UserError `usage`
*/
export const parseFullPath = (text: string): FullPath => {
	const mark = text.indexOf('!');
	const machine = mark === -1 ? text : text.slice(0, mark);

	if (machine === '' || /[\/:]/v.test(machine) || hasControl(text)) {
		throw unusable(text);
	}

	if (mark === -1) {
		return {
			machine, plugin: null, volume: null, components: null,
		};
	}

	const [name = '', ...rest] = text.slice(mark + 1).split(':');
	const plugin = plugins.find(each => each === lower(name));

	if (plugin === undefined) {
		throw new UserError(`"${name}" in "${text}" is no plugin.`, {code: 'usage', hint: `Choose from ${plugins.join(', ')}.`});
	}

	return {machine, plugin, ...parseVolume(rest, text)};
};

/** After the plugin: nothing, a volume, a path, or both. */
const parseVolume = (rest: readonly string[], text: string): Pick<FullPath, 'volume' | 'components'> => {
	const [first, ...others] = rest;

	if (first === undefined) {
		return {volume: null, components: null};
	}

	if (first.startsWith('/')) {
		return {volume: '', components: readComponents(rest.join(':'), text)};
	}

	const path = others.join(':');

	// A volume alone keeps its colon: `web1!file:home` is a path that lacks its slash.
	if (first.includes('/') || (first !== '' && others.length === 0) || (path !== '' && !path.startsWith('/'))) {
		throw unusable(text);
	}

	return path === '' ? {volume: first === '' ? null : first, components: null} : {volume: first, components: readComponents(path, text)};
};

/** In the one form that names from disk have, so that what is written in two ways is the same. */
const readComponents = (path: string, text: string): readonly string[] => splitComponents(path).map(component => {
	const name = fromText(component);

	if (name === '.' || name === '..' || name.includes('\0')) {
		throw unusable(text);
	}

	return nameComponent(name);
});

/** A raw name as a component; one with a slash, as parts may have it, stays one component. */
export const nameComponent = (name: string): string => toText(name).replaceAll('/', String.raw`\x2f`);

/** `..` at the root stays there, as in the file system. */
export const splitComponents = (path: string): readonly string[] => {
	const components: string[] = [];

	for (const component of path.split('/')) {
		if (component === '..') {
			components.pop();
		} else if (component !== '' && component !== '.') {
			components.push(component);
		}
	}

	return components;
};

export const formatFullPath = ({machine, plugin, volume, components}: FullPath): string => {
	if (plugin === null) {
		return machine;
	}

	const start = `${machine}!${plugin}`;

	if (components === null) {
		return volume === null ? start : `${start}:${volume}:`;
	}

	return `${start}:${volume === null || volume === '' ? '' : `${volume}:`}/${components.join('/')}`;
};

/** Whether a rule's path is a path, or lies above it. Machine, plugin and volume compare without case, the path exactly. */
export const isCovering = (rule: FullPath, path: FullPath): boolean => {
	if (lower(rule.machine) !== lower(path.machine)) {
		return false;
	}

	if (rule.plugin === null) {
		return true;
	}

	if (rule.plugin !== path.plugin) {
		return false;
	}

	if (rule.volume === null) {
		return true;
	}

	if (path.volume === null || lower(rule.volume) !== lower(path.volume)) {
		return false;
	}

	if (rule.components === null) {
		return true;
	}

	const {components} = path;

	return components !== null && rule.components.every((component, index) => component === components[index]);
};

export const isSamePath = (one: FullPath, other: FullPath): boolean => isCovering(one, other) && isCovering(other, one);

/** ASCII letters alone: no other script's letters become one another. */
const lower = (text: string): string => text.replaceAll(/[A-Z]/gv, letter => letter.toLowerCase());

const hasControl = (text: string): boolean => /\p{Control}/v.test(text);

const unusable = (text: string): UserError => new UserError(`"${text}" is no full path.`, {
	code: 'usage',
	hint: 'Write machine!plugin:/path, such as web1!file:/home/alice; a rule may stop after the machine, the plugin or the volume.',
});
