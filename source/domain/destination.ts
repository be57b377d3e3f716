/** Where backups live. The id is stored at the destination too, so that an empty mount point is never taken for it. */
export type Destination = {
	/** 16 characters of 0–9a–z. */
	readonly id: string;
	readonly name: string;
	readonly type: 'local';
	/** Absolute path. */
	readonly folder: string;
	/** When a scan found it; until it is adopted, it belongs to another server and is only read. */
	readonly scannedAt?: string | undefined;
};
