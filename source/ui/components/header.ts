import {showName} from '../look/name.ts';
import {showTime} from '../look/time.ts';
import {fitSides, clipStart, widthOf} from '../look/fit.ts';
import {glyph} from '../look/appearance.ts';
import {textOf, type Line} from '../look/span.ts';
import type {Opened, Route} from '../navigation.ts';
import type {RestoreAction} from '../../domain/restore.ts';

export type HeaderFacts = {
	readonly opened: readonly Opened[];
	readonly server: string;
	readonly actor: {readonly name: string; readonly role: string};
	readonly isReadOnly: boolean;
	readonly width: number;
};

/** Where this is, which server, who: on every screen. */
export const headerLine = ({opened, server, actor, isReadOnly, width}: HeaderFacts): Line => {
	const separator = ` ${glyph('separator')} `;
	const right: Line = [
		...(isReadOnly ? [{text: 'READ-ONLY', tone: 'warning', isStrong: true} as const, {text: ` ${glyph('dot')} `}] : []),
		{text: `${server} ${glyph('dot')} ${actor.name} ${glyph('dot')} ${roleWords[actor.role] ?? actor.role} `},
	];
	const [place = 'home', ...rest] = opened.map(({route}, index) => crumbOf(route, opened[index - 1]?.route)).toReversed();
	const path = rest.toReversed().slice(1).map(crumb => `${crumb}${separator}`).join('');
	const room = width - widthOf(textOf(right)) - widthOf(` holdfast${separator}`) - widthOf(place) - 2;

	return fitSides([
		{text: ' holdfast', tone: 'accent', isStrong: true},
		{text: separator},
		{text: clipStart(path, Math.max(0, room))},
		{text: place, isStrong: true},
	], right, width);
};

const roleWords: Readonly<Record<string, string>> = {administrator: 'ADMIN', operator: 'OPERATOR', user: 'USER'};

export const actionWords: Readonly<Record<RestoreAction, string>> = {
	create: 'create',
	overwrite: 'overwrite',
	keep: 'keep',
	liveOnly: 'live only',
	delete: 'delete',
	denied: 'denied',
};

const crumbOf = (route: Route, before: Route | undefined): string => {
	switch (route.screen) {
		case 'backups': {
			return before?.screen === 'account' ? 'backups' : `backups of ${showName(route.account.name)}`;
		}

		case 'account': {
			return showName(route.account.name);
		}

		case 'backup': {
			return showTime(route.backup.createdAt);
		}

		case 'viewer': {
			return showName(route.path.slice(route.path.lastIndexOf('/') + 1));
		}

		case 'options': {
			return 'restore';
		}

		case 'rollback': {
			return 'roll back';
		}

		case 'plan': {
			return actionWords[route.action];
		}

		case 'retention': {
			return route.account === undefined ? 'retention' : `retention of ${showName(route.account.name)}`;
		}

		case 'job': {
			return route.job;
		}

		case 'task': {
			return route.task.slice(0, 6);
		}

		case 'rights': {
			return `rights of ${route.user}`;
		}

		case 'account settings': {
			return 'settings';
		}

		case 'home':
		case 'accounts':
		case 'excludes':
		case 'encryption':
		case 'items':
		case 'other backup':
		case 'files':
		case 'queue':
		case 'orphans':
		case 'assignable':
		case 'downloads':
		case 'jobs':
		case 'tags':
		case 'groups':
		case 'settings':
		case 'users':
		case 'audit': {
			return route.screen;
		}
	}
};
