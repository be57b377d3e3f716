import type {AccountView} from '../../../domain/account-view.ts';
import type {BackupView} from '../../../domain/backup-view.ts';
import type {Condition} from '../../../domain/condition.ts';
import {fromText} from '../../../domain/raw-name.ts';
import {shownTotal, type RestorePreview, type RestoreRequest} from '../../../domain/restore.ts';
import {countOf, formatBytes} from '../../../domain/units.ts';
import {actionWords} from '../../components/header.ts';
import {useInterface, type Confirmation} from '../../interface.ts';
import type {Handler} from '../../keys/focus-stack.ts';
import {fit} from '../../look/fit.ts';
import {showName} from '../../look/name.ts';
import {
	muted,
	plain,
	strong,
	toned,
	type Line,
} from '../../look/span.ts';
import {useSession} from '../../session.ts';
import {useAct} from '../../use-act.ts';
import {useLoaded} from '../../use-loaded.ts';
import {
	actionMeanings,
	conditionsLeft,
	planActions,
	requiresName,
	type RestoreOptions,
} from './options-state.ts';
import type {Plan} from './use-preview.ts';

export type RestoreFacts = {
	readonly backup: BackupView;
	readonly request: RestoreRequest;
	readonly options: RestoreOptions;
	readonly conditions: readonly Condition[];
	/** That does the same. */
	readonly command: string;
	readonly plan: Plan;
};

/** Confirms and starts the restore that was planned. */
export const useRestore = ({backup, request, options, conditions, command, plan: {preview, error, isLoading}}: RestoreFacts): Handler => {
	const {data, server, isReadOnly} = useSession();
	const {confirm, replace} = useInterface();
	const act = useAct();
	const {value: account} = useLoaded('target', async () => data.showAccount(backup.accountUuid));

	if (isReadOnly) {
		return 'Holdfast was started read-only.';
	}

	if (error !== undefined) {
		return error.message;
	}

	if (preview === undefined || isLoading || account === undefined) {
		return 'The plan is still being made.';
	}

	const left = conditionsLeft(conditions, options).length;

	if (left > 0) {
		return `Accept the restore conditions first: ${countOf(left, 'is', 'are')} left.`;
	}

	if (changeCount(preview) === 0 && !options.isSuspending && !options.isTerminating) {
		return 'There is nothing to do: everything chosen is there already.';
	}

	const place = placeOf(request, account);

	return () => {
		act(async () => {
			if (!await confirm(describeRestore({
				backup, request, preview, command, place: `${place} on ${server}`,
			}))) {
				return;
			}

			const {id} = await data.startRestore(request, {accept: options.accepted, ...request.isTerminating === true && {confirm: showName(backup.account)}});
			replace({screen: 'task', task: id});
		});
	};
};

/** `/home/alice`, or `the account alice: config, cron`. */
const placeOf = ({target, items = []}: RestoreRequest, {name, home}: Pick<AccountView, 'name' | 'home'>): string => {
	if (target.type === 'folder') {
		return showName(fromText(target.path));
	}

	return items.length === 1 && items[0]!.name === 'homedir' ? showName(home) : `the account ${showName(name)}`;
};

const changeCount = ({create, overwrite, delete: removed}: RestorePreview): number => create.count + overwrite.count + removed.count;

type Description = {
	readonly backup: BackupView;
	readonly request: RestoreRequest;
	readonly preview: RestorePreview;
	readonly command: string;
	readonly place: string;
};

const describeRestore = ({backup, request, preview, command, place}: Description): Confirmation => ({
	title: `Restore into ${place}`,
	lines: [...previewLines(preview), ...mannerLines(request)],
	act: `restore ${countOf(changeCount(preview), 'entry', 'entries')}`,
	command,
	nameToType: requiresName(preview, request) ? showName(backup.account) : undefined,
});

/** The totals of what would be done. */
export const previewLines = (preview: RestorePreview): readonly Line[] => planActions.filter(action => preview[action].count > 0).map((action): Line => [
	strong(fit(actionWords[action], 10)),
	plain(`${countOf(shownTotal(preview, action).count, 'entry', 'entries').padStart(15)}  ${formatBytes(shownTotal(preview, action).bytes).padStart(8)}  `),
	muted(actionMeanings[action]),
]);

const mannerLines = ({items = [], target, isTerminating, isSuspending, isSafetyBackupMade}: RestoreRequest): readonly Line[] => [
	[muted(fit('items', 10)), plain(items.map(({name}) => name).join(', '))],
	...(isTerminating === true ? [[toned('warning', 'The account is terminated first: logins locked, its processes ended.')]] : []),
	...(isSuspending === true ? [[toned('warning', 'The account is locked afterwards.')]] : []),
	...(isSafetyBackupMade === false && target.type === 'original' ? [[toned('bad', 'There is no safety backup: this cannot be rolled back.')]] : []),
];
