/** Small random estates in which everything that the access controls turn on happens often: few people, few recordings, few times. */
export type Span = {
    readonly from: string;
    readonly until?: string;
};
export type Access = {
    readonly kind: "access";
    readonly id: string;
    readonly at: string;
    readonly actor: {
        readonly id: string;
        readonly type: "user" | "service" | "anonymous";
        readonly onBehalfOf?: string;
    };
    readonly action: string;
    readonly outcome: "success" | "denied" | "error";
    readonly recordingId?: string;
    readonly contactId?: string;
    readonly uri?: string;
    readonly purpose?: string;
    readonly ip?: string;
};
export type Role = Span & {
    readonly role: string;
    readonly team?: string;
    readonly supervisor?: string;
};
export type Staff = {
    readonly kind: "staff";
    readonly id: string;
    readonly employedFrom: string;
    readonly employedUntil?: string;
    readonly aliases: ReadonlyArray<{
        readonly alias: string;
        readonly from?: string;
        readonly until?: string;
    }>;
    readonly roles: ReadonlyArray<Role>;
    readonly subjectIds?: ReadonlyArray<string>;
    readonly training?: ReadonlyArray<{
        readonly course: string;
        readonly completedAt: string;
        readonly validUntil?: string;
    }>;
};
export type Contact = {
    readonly kind: "contact";
    readonly id: string;
    readonly channel: string;
    readonly startedAt: string;
    readonly endedAt?: string;
    readonly queue: string;
    readonly previousContactId?: string;
    readonly parties: ReadonlyArray<{
        readonly id: string;
        readonly role: string;
    }>;
};
export type Recording = {
    readonly kind: "recording";
    readonly id: string;
    readonly contactId: string;
    readonly medium: string;
    readonly startedAt: string;
    readonly uri: string;
    readonly purposes?: ReadonlyArray<string>;
    readonly deleteBy?: string;
    readonly deletedAt?: string;
};
type Scope = {
    readonly recordingIds?: ReadonlyArray<string>;
    readonly contactIds?: ReadonlyArray<string>;
    readonly subjects?: ReadonlyArray<string>;
    readonly queues?: ReadonlyArray<string>;
};
export type Grant = Span & Scope & {
    readonly kind: "grant";
    readonly id: string;
    readonly principal: string;
    readonly actions: ReadonlyArray<string>;
    readonly createdAt: string;
    readonly approvedBy?: string;
    readonly breakGlass?: boolean;
    readonly reviewedAt?: string;
    readonly reviewedBy?: string;
    readonly purposes?: ReadonlyArray<string>;
};
export type Assignment = Span & Scope & {
    readonly kind: "assignment";
    readonly id: string;
    readonly staff: string;
    readonly reason: string;
    readonly createdAt: string;
    readonly assignedBy?: string;
    readonly purposes?: ReadonlyArray<string>;
};
export type Request = {
    readonly kind: "request";
    readonly id: string;
    readonly subject: string;
    readonly type: string;
    readonly receivedAt: string;
    readonly completedAt?: string;
    readonly outcome?: string;
    readonly liftedAt?: string;
    readonly purposes?: ReadonlyArray<string>;
};
export type Hold = Span & Scope & {
    readonly kind: "hold";
    readonly id: string;
    readonly createdAt: string;
};
export type Identity = {
    readonly kind: "identity";
    readonly subject: string;
    readonly aliases: ReadonlyArray<string>;
};
export type Estate = {
    readonly staff: ReadonlyArray<Staff>;
    readonly contacts: ReadonlyArray<Contact>;
    readonly recordings: ReadonlyArray<Recording>;
    readonly accesses: ReadonlyArray<Access>;
    readonly grants: ReadonlyArray<Grant>;
    readonly assignments: ReadonlyArray<Assignment>;
    readonly requests: ReadonlyArray<Request>;
    readonly holds: ReadonlyArray<Hold>;
    readonly identities: ReadonlyArray<Identity>;
};
/** The policy's purposes, actions and networks are those of the baseline that the cases start from. */
export declare const randomEstate: (seed: number) => Estate;
/** All records of an estate, as a source would deliver them. */
export declare const recordsOf: (estate: Estate) => ReadonlyArray<{
    readonly kind: string;
}>;
export {};
