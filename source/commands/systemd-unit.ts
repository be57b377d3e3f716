export type UnitFacts = {
	/** The interpreter and the program, absolute. */
	readonly program: readonly string[];
	readonly stateDirectory: string;
	/** Folders that must be mounted before it starts. */
	readonly folders: readonly string[];
};

/**
A unit for systemd. What it may do is what root's backups and restores need: read and write any home with any owner and mode, make devices, end processes and become other users. MemoryDenyWriteExecute cannot be set: the interpreter
compiles to memory.
*/
export const systemdUnit = ({program, stateDirectory, folders}: UnitFacts): string => `[Unit]
Description=Holdfast: backups of the accounts of this server
After=local-fs.target remote-fs.target network.target
RequiresMountsFor=${[stateDirectory, ...folders].map(folder => quote(folder)).join(' ')}

[Service]
Type=exec
ExecStart=${[...program, '--state', stateDirectory, 'daemon'].map(word => quote(word)).join(' ')}
WorkingDirectory=/
UMask=0077
Restart=on-failure
RestartSec=30
KillMode=mixed
TimeoutStopSec=60
Nice=10
IOSchedulingClass=idle
LimitNOFILE=65536
NoNewPrivileges=yes
CapabilityBoundingSet=CAP_CHOWN CAP_DAC_OVERRIDE CAP_DAC_READ_SEARCH CAP_FOWNER CAP_FSETID CAP_KILL CAP_MKNOD CAP_SETFCAP CAP_SETGID CAP_SETUID CAP_AUDIT_WRITE
AmbientCapabilities=
ProtectSystem=yes
ProtectClock=yes
ProtectHostname=yes
ProtectKernelLogs=yes
ProtectKernelModules=yes
ProtectKernelTunables=yes
ProtectControlGroups=yes
DevicePolicy=closed
DeviceAllow=char-* m
DeviceAllow=block-* m
LockPersonality=yes
RestrictNamespaces=yes
RestrictRealtime=yes
RestrictAddressFamilies=AF_UNIX AF_INET AF_INET6
SystemCallArchitectures=native
SystemCallFilter=@system-service
SystemCallErrorNumber=EPERM

[Install]
WantedBy=multi-user.target
`;

/** As systemd reads words: specifiers, variables and quotes stand for themselves. */
const quote = (word: string): string => {
	const literal = word.replaceAll('%', '%%').replaceAll('$', '$$$$');

	return /^[\w$%+,\-.\/:=@]+$/v.test(literal) ? literal : `"${literal.replaceAll('\\', '\\\\').replaceAll('"', String.raw`\"`)}"`;
};
