/** What would become of a mailbox: one plan for the preview, the work and the check. */
import {joinRaw, type RawPath} from '../../domain/raw-name.ts';
import type {Directory} from '../../system/directory.ts';
import {
	basesIn,
	isAllBrought,
	isBroughtFile,
	isOwnNote,
	withBrought,
} from './brought-mail.ts';
import {
	baseOf,
	type Box,
	boxes,
	isBox,
	isMailFolder,
	namesIn,
	withFolder,
} from './mail-folder.ts';
import {isSameContent} from './same-content.ts';

export type MailStep =
	| {readonly type: 'makeFolder' | 'writeLink'; readonly name: RawPath}
	| {readonly type: 'writeFile'; readonly name: RawPath; readonly sizeBytes: number}
	| {readonly type: 'remove'; readonly name: RawPath}
	/** A message: its file is written, and what it was live goes. */
	| {readonly type: 'writeMessage'; readonly box: Box; readonly name: RawPath; readonly live: readonly MessagePlace[]; readonly sizeBytes: number}
	/** A message that is the same, but not by its flags. */
	| {readonly type: 'moveMessage'; readonly box: Box; readonly name: RawPath; readonly live: MessagePlace}
	| {readonly type: 'removeMessage'; readonly live: MessagePlace};

type MessagePlace = {readonly box: Box; readonly name: RawPath};

export type FolderPlan = {
	/** Raw, below the mailbox. */
	readonly path: RawPath;
	readonly steps: readonly MailStep[];
	/** The folders below it that the backup has. */
	readonly folders: readonly FolderPlan[];
	/** What cannot be done, in words. */
	readonly problems: readonly string[];
};

export type MailPlanOptions = {
	readonly isMerge: boolean;
	readonly isReplacing: boolean;
	/** What a restore brought that is undone: what of it is not stored goes. */
	readonly brought: Directory | undefined;
	/** Absolute paths below the live mailbox that are not its own: other mailboxes, mounts. */
	readonly foreign: readonly RawPath[];
};

/** `live`: `undefined` where there is no such mailbox. */
export const planMailbox = (stored: Directory, live: Directory | undefined, options: MailPlanOptions): FolderPlan => {
	const known = new Set<RawPath>();

	if (live !== undefined && options.isMerge) {
		collectMessages(live, known);
	}

	return planFolder({
		stored, live, brought: options.brought, path: '',
	}, {...options, known});
};

/** Every message of a mailbox, in whatever folder it is by now. */
const collectMessages = (folder: Directory, known: Set<RawPath>): void => {
	const names = folder.names();

	if (isMailFolder(names)) {
		for (const {base} of messagesOf(folder)) {
			known.add(base);
		}
	}

	for (const name of names) {
		if (!isBox(name)) {
			withFolder(folder, name, inner => {
				collectMessages(inner, known);
			});
		}
	}
};

type Message = MessagePlace & {readonly base: RawPath};

const messagesOf = (folder: Directory | undefined): readonly Message[] => folder === undefined ? [] : boxes.flatMap(box => namesIn(folder, box).map(name => ({box, name, base: baseOf(name)})));

type Pair = {readonly stored: Directory; readonly live: Directory | undefined; readonly brought: Directory | undefined; readonly path: RawPath};
type Options = Omit<MailPlanOptions, 'brought'> & {readonly known: ReadonlySet<RawPath>};

const planFolder = (pair: Pair, options: Options): FolderPlan => {
	const {stored, live, path} = pair;
	const names = stored.names();
	const hasMessages = isMailFolder(names);
	const steps: MailStep[] = hasMessages ? [...planMessages(pair, options)] : [];
	const folders: FolderPlan[] = [];
	const problems: string[] = [];

	for (const name of names) {
		if (hasMessages && isBox(name)) {
			if (!live?.tryLstat(name)?.isDirectory()) {
				steps.unshift({type: 'makeFolder', name});
			}
		} else if (stored.lstat(name).isDirectory()) {
			const {folder, step} = planInner(pair, name, options);
			folders.push(folder);
			steps.unshift(...step === undefined ? [] : [step]);
		} else {
			const step = planEntry(pair, name, options);

			if (step === 'taken') {
				problems.push(`${joinRaw(path, name)}: a folder is in its place`);
			} else if (step !== undefined) {
				steps.push(step);
			}
		}
	}

	const removals = planRemovals(pair, {names, hasMessages}, options);

	return {
		path, steps: [...steps, ...removals.steps], folders, problems: [...problems, ...removals.problems],
	};
};

const planInner = ({stored, live, brought, path}: Pair, name: RawPath, options: Options): {readonly folder: FolderPlan; readonly step: MailStep | undefined} => {
	const inner = stored.openFolder(name);

	try {
		const place = (liveInner: Directory | undefined): FolderPlan => withBrought(brought, name, broughtInner => planFolder({
			stored: inner, live: liveInner, brought: broughtInner, path: joinRaw(path, name),
		}, options));
		const there = live && withFolder(live, name, liveInner => place(liveInner));

		return there === undefined ? {folder: place(undefined), step: {type: 'makeFolder', name}} : {folder: there, step: undefined};
	} finally {
		inner.close();
	}
};

const planEntry = ({stored, live}: Pair, name: RawPath, {isMerge}: Options): MailStep | 'taken' | undefined => {
	const stats = stored.lstat(name);
	const isLink = stats.isSymbolicLink();
	const found = live?.tryLstat(name);
	const step: MailStep = isLink ? {type: 'writeLink', name} : {type: 'writeFile', name, sizeBytes: Number(stats.size)};

	if (found === undefined) {
		return step;
	}

	if (isMerge) {
		return undefined;
	}

	if (found.isDirectory()) {
		return 'taken';
	}

	const isSame = isLink
		? found.isSymbolicLink() && live!.readLink(name) === stored.readLink(name)
		: found.isFile() && isSameContent({folder: stored, name}, {folder: live!, name});

	return isSame ? undefined : step;
};

const planMessages = ({stored, live, brought}: Pair, {isMerge, isReplacing, known}: Options): readonly MailStep[] => {
	const there = Map.groupBy(messagesOf(live), ({base}) => base);
	const kept = messagesOf(stored);
	const steps = kept.flatMap((message): readonly MailStep[] => {
		const {box, name, base} = message;
		const twins = there.get(base) ?? [];

		if (isMerge) {
			return known.has(base)
				? []
				: [{
					type: 'writeMessage', box, name, live: [], sizeBytes: sizeIn(stored, message),
				}];
		}

		const same = twins.find(twin => isSameMessage(stored, message, {folder: live!, place: twin}));

		if (same === undefined) {
			return [{
				type: 'writeMessage', box, name, live: twins.map(twin => ({box: twin.box, name: twin.name})), sizeBytes: sizeIn(stored, message),
			}];
		}

		return same.box === box && same.name === name
			? []
			: [{
				type: 'moveMessage', box, name, live: {box: same.box, name: same.name},
			}];
	});
	const bases = new Set(kept.map(({base}) => base));
	const added = basesIn(brought);
	const others = [...there].flatMap(([base, twins]) => !bases.has(base) && (isReplacing || added.has(base)) ? twins : []);

	return [...steps, ...others.map(({box, name}): MailStep => ({type: 'removeMessage', live: {box, name}}))];
};

const sizeIn = (folder: Directory, {box, name}: MessagePlace): number => withFolder(folder, box, inner => Number(inner.lstat(name).size)) ?? 0;

const isSameMessage = (stored: Directory, message: MessagePlace, {folder, place}: {readonly folder: Directory; readonly place: MessagePlace}): boolean => withFolder(stored, message.box, from => withFolder(folder, place.box, to =>
	to.tryLstat(place.name)?.isFile() === true && isSameContent({folder: from, name: message.name}, {folder: to, name: place.name}))) ?? false;

/** What is live alone and goes: all but what is not this mailbox's, or of what is undone that which is as it was brought. */
const planRemovals = ({live, brought, path}: Pair, {names, hasMessages}: {readonly names: readonly RawPath[]; readonly hasMessages: boolean}, {foreign, isReplacing}: Options): Pick<FolderPlan, 'steps' | 'problems'> => {
	const stored = new Set([...names, ...hasMessages ? ['tmp'] : []]);
	const own = (live?.names() ?? []).filter(name => !stored.has(name) && foreign.every(place => place !== joinRaw(path, name) && !place.startsWith(`${joinRaw(path, name)}/`)));

	if (isReplacing) {
		return {steps: own.map(name => ({type: 'remove', name})), problems: []};
	}

	const added = own.filter(name => brought?.tryLstat(name) !== undefined);
	const isUnchanged = (name: RawPath): boolean => withFolder(live!, name, inner => withBrought(brought, name, broughtInner => isAllBrought(inner, broughtInner))) ?? (isOwnNote(name) || isBroughtFile(live!, brought, name));

	return {
		steps: added.filter(name => isUnchanged(name)).map(name => ({type: 'remove', name})),
		problems: added.filter(name => !isUnchanged(name)).map(name => `${joinRaw(path, name)}: it was changed since it was restored, and stays`),
	};
};
