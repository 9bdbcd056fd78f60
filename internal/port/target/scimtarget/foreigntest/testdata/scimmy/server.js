// The npm packages scimmy and scimmy-routers as a server on a free port of this machine, for tests. The packages read
// requests, filters and patches and write answers; this file only keeps what they hand it. It says its address in one
// line, and ends when its input does. POST /empty forgets everything.
import {randomUUID} from "node:crypto";
import express from "express";
import SCIMMY from "scimmy";
import SCIMMYRouters from "scimmy-routers";

const {Config, Resources, Schemas, Types} = SCIMMY;
const shelves = [];

function keep(Resource, unique) {
    const kept = new Map();
    shelves.push(kept);
    const find = (id) => kept.get(id) ?? (() => { throw new Types.Error(404, null, `Resource ${id} not found`); })();
    Resources.declare(Resource)
        .ingress(({id}, instance) => {
            const before = id ? find(id) : null;
            for (const [other, {[unique]: name}] of kept) {
                if (other !== id && name.toLowerCase() === instance[unique].toLowerCase())
                    throw new Types.Error(409, "uniqueness", `${unique} is taken`);
            }
            const now = new Date().toISOString();
            const next = JSON.parse(JSON.stringify(instance));
            next.id = id ?? randomUUID();
            next.meta = {created: before?.meta.created ?? now, lastModified: now};
            kept.set(next.id, next);
            return next;
        })
        .egress(({id, filter}) => {
            if (id) return find(id);
            const all = [...kept.values()];
            return filter ? filter.match(all) : all;
        })
        .degress(({id}) => {
            find(id);
            kept.delete(id);
        });
}

keep(Resources.User, "userName");
Resources.User.extend(Schemas.EnterpriseUser, false);
keep(Resources.Group, "displayName");
Config.set({patch: true, filter: true});

const app = express();
app.post("/empty", (_, answer) => {
    shelves.forEach((kept) => kept.clear());
    answer.sendStatus(204);
});
app.use("/scim", new SCIMMYRouters({type: "bearer", handler: (request) => {
    if (request.header("Authorization") !== "Bearer suite") throw new Error("wrong token");
    return "suite";
}}));
const server = app.listen(0, "127.0.0.1", () => console.log(`http://127.0.0.1:${server.address().port}`));
process.stdin.on("end", () => process.exit(0)).resume();
