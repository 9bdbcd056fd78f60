// Package scim is SCIM 2.0 (RFC 7643, 7644, 9865) as a codec: bytes in, values out, and back. It knows schemas, resources,
// filters, PATCH, projection, sorting, paging, bulk requests and errors. It knows no HTTP and no store: ids, times and
// versions are handed in, and what is asked of a store comes out as data: a Query, a Change, a Filter to walk over.
//
// A Service is made once from schemas and resource types. Everything else hangs on a ResourceType:
//
//	Decode       the body of POST and PUT  -> Body: attributes, and the references that are kept apart; Replace -> Change
//	ParsePatch   the body of PATCH         -> Patch; Apply(resource) -> Change
//	ParseFilter  a filter                  -> a tree of typed comparisons; Match, Lookups for indexes, or walk it into SQL
//	ParseQuery   the parameters of a GET   -> Query: filter, sort, page, projection
//	Append       a resource                -> JSON, with a projection
//
// Long lists of references (members of a group) are no part of a resource. An attribute that its resource type keeps
// apart is decoded into Refs, changed by a RefChange, and read from wherever the store has it; a group of 100,000
// members costs as much to change as an empty one.
//
// Clients bend the protocol. Each bend that is straightened is one named Tolerance with its source; without any, the
// package is strict. Whatever comes in is bounded by Limits, and every fault of the sender is an *Error with a status
// of 4xx, a scimType and a sentence that says which attribute it is and what to mend.
package scim
