import {packageNameOf} from '../../../domain/download.ts';
import type {DownloadView} from '../../../domain/download-view.ts';
import {fromText} from '../../../domain/raw-name.ts';
import {countOf, formatBytes} from '../../../domain/units.ts';
import {useInterface} from '../../interface.ts';
import type {Handler} from '../../keys/focus-stack.ts';
import {showName} from '../../look/name.ts';
import {muted, plain, toned} from '../../look/span.ts';
import {showTime} from '../../look/time.ts';
import {firstLines} from '../../overlays/first-lines.ts';
import {useSession} from '../../session.ts';
import {useReload} from '../../tasks/task-feed.tsx';
import {useAct} from '../../use-act.ts';

export type DownloadTargets = {
	readonly focused: DownloadView | undefined;
	/** The marked ones, else the focused one. */
	readonly chosen: readonly DownloadView[];
	/** Why there is none. */
	readonly nothing: string;
};

/** Saves a download as a file of this server; deletes downloads after a look at the list. */
export const useDownloadActs = ({focused, chosen, nothing}: DownloadTargets): Readonly<Record<'save' | 'delete', Handler>> => {
	const {data, isReadOnly, isSigningIn} = useSession();
	const {askText, confirm, notify} = useInterface();
	const reload = useReload();
	const act = useAct();

	if (isReadOnly || focused === undefined) {
		const reason = isReadOnly ? 'Holdfast was started read-only.' : nothing;

		return {save: reason, delete: reason};
	}

	const save = async () => {
		const path = await askText({
			title: `Save ${packageNameOf(focused)} (${formatBytes(focused.sizeBytes)})`,
			hint: 'The whole path of a new file on this server, or of a folder for it. Its checksum is compared on the way.',
			text: '/root/',
			check: text => text.startsWith('/') ? undefined : 'A whole path begins with a slash.',
		});

		if (path === undefined) {
			return;
		}

		notify({text: `Saving ${formatBytes(focused.sizeBytes)} ...`, tone: 'accent'});
		const saved = await data.saveDownload(focused.id, path);
		reload();
		notify({text: `Saved, and compared with its checksum: ${showName(fromText(saved))}`, tone: 'good'});
	};

	const remove = async () => {
		const isAgreed = await confirm({
			title: `Delete ${countOf(chosen.length, 'download')}`,
			lines: [
				...firstLines(chosen, ({account, createdAt, sizeBytes}) => [plain(`${showName(account)}  `), muted(`${showTime(createdAt)}, ${formatBytes(sizeBytes)}`)]),
				[toned('warning', 'The backups they were packed from stay.')],
			],
			act: 'delete',
			command: chosen.map(({id}) => `holdfast download delete ${id}`).join(' && '),
		});

		if (!isAgreed) {
			return;
		}

		for (const {id} of chosen) {
			await data.deleteDownload(id);
		}

		reload();
		notify({text: `${countOf(chosen.length, 'download')} deleted.`, tone: 'good'});
	};

	return {
		save: isSigningIn
			? 'Files of the server are not for those who sign in: c copies the line that fetches it.'
			: () => {
				act(save);
			},
		delete() {
			act(remove);
		},
	};
};
