import {checkAccountChanges, checkTargets, type AccountChanges} from '../../../domain/account-changes.ts';
import {accountCommand} from '../../../domain/account-command.ts';
import type {AccountView} from '../../../domain/account-view.ts';
import {whyNotPermitted} from '../../../domain/permissions.ts';
import {fromText, toText} from '../../../domain/raw-name.ts';
import {countOf} from '../../../domain/units.ts';
import {problemOf} from '../../fields/problem-of.ts';
import type {Data} from '../../data.ts';
import {useInterface, type Complete} from '../../interface.ts';
import type {Handler} from '../../keys/focus-stack.ts';
import {wrapWords} from '../../look/fit.ts';
import {showName} from '../../look/name.ts';
import {plain, toned, type Line} from '../../look/span.ts';
import {useDialogWidth} from '../../overlays/confirm-dialog.tsx';
import {useSession} from '../../session.ts';
import {useReload} from '../../tasks/task-feed.tsx';
import {useAct} from '../../use-act.ts';
import {useMeasuredExcludes} from './use-measured-excludes.ts';

type ListField = 'excludes' | 'tags' | 'domains' | 'databases' | 'mailboxes';
type Setting = ListField | 'email' | 'priority' | 'onDemand' | 'owner';

type Question = {
	readonly title: string;
	readonly hint: string;
	/** What gives something to many accounts, and takes something from them. */
	readonly example?: string;
	/** What is there now; of several accounts nothing. */
	readonly current: (account: AccountView) => string;
	/** What typed text changes of an account. */
	readonly toChanges: (text: string, account: AccountView | undefined) => AccountChanges;
};

/** Asks for settings of one account or many; what was changed can be undone. */
export const useAccountSettings = (targets: readonly AccountView[]): Readonly<Record<Setting, Handler>> => {
	const {data, actor, isReadOnly} = useSession();
	const {askText, confirm, notify} = useInterface();
	const reload = useReload();
	const act = useAct();
	const width = useDialogWidth();

	const measure = useMeasuredExcludes();
	const complete = completionsFrom(data);

	const ask = (setting: Setting): Handler => {
		const [first, ...others] = targets;

		if (isReadOnly) {
			return 'Holdfast was started read-only.';
		}

		const whyNot = whyNotPermitted(actor.role, 'setAccounts');

		if (whyNot !== undefined) {
			return whyNot;
		}

		if (first === undefined) {
			return 'There is no account here.';
		}

		const {title, hint, example = '', current, toChanges} = questions[setting];
		const single = others.length === 0 ? first : undefined;

		return () => {
			act(async () => {
				const text = await askText({
					title: `${title} of ${single === undefined ? countOf(targets.length, 'account') : showName(single.name)}`,
					hint: single === undefined && isList(setting) ? `${hint} Each gets what is named, and loses what stands after a minus: ${example}.` : hint,
					text: single === undefined ? '' : current(single),
					complete: complete[setting],
					check: problemOf(typed => {
						const changes = toChanges(typed, single);
						checkAccountChanges(changes);
						checkTargets(targets, {...changes, ...(typeof changes.owner === 'string' && {owner: fromText(changes.owner)})});
					}),
				});

				if (text === undefined || (single !== undefined && text === current(single)) || (single === undefined && text.trim() === '')) {
					return;
				}

				const changes = toChanges(text, single);
				const remarks = single === undefined ? await remarksOn(setting, changes) : [];
				const isAgreed = single !== undefined || await confirm(askAbout({
					targets, title: `${title} of ${countOf(targets.length, 'account')}: ${text}`, changes, width, remarks,
				}));

				if (isAgreed) {
					await change(changes, title);
				}
			});
		};
	};

	const remarksOn = async (setting: Setting, changes: AccountChanges): Promise<readonly Line[]> => {
		if (setting === 'excludes') {
			return measure(targets, changes);
		}

		return isShared(changes) ? [[toned('warning', 'Each of them backs up the same, and can restore it.')]] : [];
	};

	const change = async (changes: AccountChanges, title: string) => {
		await data.setAccounts(targets.map(({uuid}) => uuid), changes);
		reload();
		notify({
			text: `${title} of ${targets.length === 1 ? showName(targets[0]!.name) : countOf(targets.length, 'account')}: changed.`,
			tone: 'good',
			undo() {
				act(async () => {
					for (const account of targets) {
						await data.setAccounts([account.uuid], inverseOf(changes, account));
					}

					reload();
					notify({text: `${title}: as before.`, tone: 'good'});
				});
			},
		});
	};

	return Object.fromEntries(settingNames.map(setting => [setting, ask(setting)])) as Record<Setting, Handler>;
};

const listFields: readonly ListField[] = ['excludes', 'tags', 'domains', 'databases', 'mailboxes'];

const isList = (setting: Setting): setting is ListField => new Set<string>(listFields).has(setting);

/** What should be of one account, given to many. */
const isShared = ({domainsToAdd = [], databasesToAdd = [], mailboxesToAdd = []}: AccountChanges): boolean => domainsToAdd.length + databasesToAdd.length + mailboxesToAdd.length > 0;

/** What there is already, by Tab. */
const completionsFrom = (data: Data): Readonly<Partial<Record<Setting, Complete>>> => ({
	async tags(text) {
		const tags = await data.listTags();

		return completeWord(tags.map(({name}) => name), text);
	},
	async priority(text) {
		const groups = await data.listGroups();

		return [...groups.map(({name}) => name), 'none'].filter(name => name.startsWith(text));
	},
	async owner(text) {
		const {accounts} = await data.listAccounts();

		return [...accounts.map(({name}) => toText(name)), 'none'].filter(name => name.startsWith(text));
	},
});

/** The last word; what is to be taken away stands after a minus. */
const completeWord = (words: readonly string[], text: string): readonly string[] => {
	const last = text.split(/[\s,]/v).at(-1)!;
	const begun = last.startsWith('-') ? last.slice(1) : last;

	return words.filter(word => word.startsWith(begun)).map(word => `${text.slice(0, text.length - begun.length)}${word}`);
};

type ListWords = {
	readonly title: string;
	readonly hint: string;
	readonly example: string;
};

/** What may hold commas and, in quotes, blanks. */
const pathFields: ReadonlySet<ListField> = new Set(['excludes', 'mailboxes']);

const showWord = (word: string): string => /\s/v.test(word) ? `'${word}'` : word;

const readWords = (field: ListField, text: string): readonly string[] => pathFields.has(field)
	? text.matchAll(/(?:'[^']*'|[^\s'])+/gv).map(([word]) => word.replaceAll('\'', '')).toArray()
	: text.split(/[\s,]+/v).filter(word => word !== '');

const listQuestion = (field: ListField, words: ListWords): Question => ({
	...words,
	current: account => account[field].map(word => showWord(word)).join(' '),
	toChanges(text, account) {
		const typed = readWords(field, text);
		const added = typed.filter(word => account !== undefined || !word.startsWith('-'));
		const removed = account === undefined ? typed.filter(word => word.startsWith('-')).map(word => word.slice(1)) : account[field].filter(value => !typed.includes(value));

		return {[`${field}ToAdd`]: added.filter(word => !(account?.[field] ?? []).includes(word)), [`${field}ToRemove`]: removed};
	},
});

const questions: Readonly<Record<Setting, Question>> = {
	email: {
		title: 'Email',
		hint: 'Where the owner is told about backups and restores, or none.',
		current: ({email}) => email ?? 'none',
		toChanges: text => ({email: noneOr(text)}),
	},
	excludes: listQuestion('excludes', {
		title: 'Excludes', hint: 'Globs, separated by blanks (in quotes where they hold some); relative to the home with a slash, else at any depth.', example: '*.log -cache',
	}),
	tags: listQuestion('tags', {title: 'Tags', hint: 'Words, separated by blanks. A tag that does not exist yet is made.', example: 'vip -old'}),
	domains: listQuestion('domains', {title: 'Domains', hint: 'Domains that belong to it, separated by blanks.', example: 'example.com -example.org'}),
	databases: listQuestion('databases', {title: 'Databases', hint: 'mysql:NAME or postgresql:NAME, separated by blanks.', example: 'mysql:shop -mysql:old'}),
	mailboxes: listQuestion('mailboxes', {title: 'Mailboxes', hint: 'ADDRESS=DIR, separated by blanks; in quotes where it holds some.', example: 'a@example.com=/var/vmail/a'}),
	priority: {
		title: 'Priority group',
		hint: 'Name of a group; none: by its tags, else the default group.',
		current: ({priorityGroup}) => priorityGroup ?? 'none',
		toChanges: text => ({priorityGroup: noneOr(text)}),
	},
	onDemand: {
		title: 'Backups on demand',
		hint: 'How many are kept: 0 (none are allowed) to 99, or global: as the setting onDemand.retain says.',
		current: ({maxOnDemand}) => String(maxOnDemand),
		toChanges: text => ({maxOnDemand: text === 'global' ? text : Number(/^\d+$/v.test(text) ? text : NaN)}),
	},
	owner: {
		title: 'Owner',
		hint: 'Name of the reseller that owns it, or none.',
		current: ({owner}) => owner === null ? 'none' : toText(owner),
		toChanges: text => ({owner: noneOr(text)}),
	},
};

const settingNames = Object.keys(questions) as readonly Setting[];

const noneOr = (text: string): string | null => text === 'none' || text.trim() === '' ? null : text.trim();

/** What makes an account as it was. */
const inverseOf = (changes: AccountChanges, account: AccountView): AccountChanges => ({
	...(changes.email !== undefined && {email: account.email}),
	...(changes.priorityGroup !== undefined && {priorityGroup: account.priorityGroup}),
	...(changes.maxOnDemand !== undefined && {maxOnDemand: account.maxOnDemand}),
	...(changes.owner !== undefined && {owner: account.owner === null ? null : toText(account.owner)}),
	...Object.fromEntries(listFields.flatMap((field): ReadonlyArray<readonly [string, readonly string[]]> => {
		const added = changes[`${field}ToAdd`];
		const removed = changes[`${field}ToRemove`];

		return [
			...removed === undefined ? [] : [[`${field}ToAdd`, removed.filter(value => account[field].includes(value))] as const],
			...added === undefined ? [] : [[`${field}ToRemove`, added.filter(value => !account[field].includes(value))] as const],
		];
	})),
});

type Asking = {readonly targets: readonly AccountView[]; readonly title: string; readonly changes: AccountChanges; readonly width: number; readonly remarks: readonly Line[]};

const askAbout = ({targets, title, changes, width, remarks}: Asking) => ({
	title,
	lines: [...wrapWords(targets.map(({name}) => showName(name)).join(', '), width).map((line): Line => [plain(line)]), ...remarks],
	act: 'change them',
	command: accountCommand(targets.map(({name}) => toText(name)), changes),
});
