import type {BackupView} from '../../../domain/backup-view.ts';
import {fromText} from '../../../domain/raw-name.ts';
import {restoreCommand} from '../../../domain/restore-command.ts';
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
	type Line,
} from '../../look/span.ts';
import {useSession} from '../../session.ts';
import {useAct} from '../../use-act.ts';
import {useLoaded} from '../../use-loaded.ts';
import {actionMeanings, requiresName, planActions} from './options-state.ts';
import type {Plan} from './use-preview.ts';

export type RestoreFacts = {
	readonly backup: BackupView;
	readonly request: RestoreRequest;
	readonly plan: Plan;
};

/** Confirms and starts the restore that was planned. */
export const useRestore = ({backup, request, plan: {preview, error, isLoading}}: RestoreFacts): Handler => {
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

	if (changeCount(preview) === 0) {
		return 'There is nothing to do: everything chosen is there already.';
	}

	const place = showName(request.target.type === 'folder' ? fromText(request.target.path) : account.home);

	return () => {
		act(async () => {
			if (!await confirm(describeRestore({
				backup, request, preview, place: `${place} on ${server}`,
			}))) {
				return;
			}

			const {id} = await data.startRestore(request);
			replace({screen: 'task', task: id});
		});
	};
};

const changeCount = ({create, overwrite, delete: removed}: RestorePreview): number => create.count + overwrite.count + removed.count;

type Description = {
	readonly backup: BackupView;
	readonly request: RestoreRequest;
	readonly preview: RestorePreview;
	readonly place: string;
};

const describeRestore = ({backup, request, preview, place}: Description): Confirmation => ({
	title: `Restore into ${place}`,
	lines: planActions.filter(action => preview[action].count > 0).map((action): Line => [
		strong(fit(actionWords[action], 10)),
		plain(`${countOf(shownTotal(preview, action).count, 'entry', 'entries').padStart(15)}  ${formatBytes(shownTotal(preview, action).bytes).padStart(8)}  `),
		muted(actionMeanings[action]),
	]),
	act: `restore ${countOf(changeCount(preview), 'entry', 'entries')}`,
	command: restoreCommand(request),
	nameToType: requiresName(preview, request) ? showName(backup.account) : undefined,
});
