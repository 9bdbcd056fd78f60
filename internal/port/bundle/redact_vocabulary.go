package bundle

import "strings"

// What a redaction keeps. These lists are of words that services and rules use; none of them is a name that people have.

func setOf(lists ...string) map[string]bool {
	out := map[string]bool{}
	for _, l := range lists {
		for _, w := range strings.Fields(l) {
			out[w] = true
		}
	}
	return out
}

// enumerations are properties whose values the services define.
var enumerations = setOf(
	`@odata.type odata.type userType externalUserState creationType accountType status accountStatus membershipStatus claimStatus
	managementSource managedBy type principalType identityType provisioningAction errorCode errorCategory provisioningStepType
	category loggedByService operationType result activityDisplayName action code state key schemas resourceType
	membershipRuleProcessingState processingState visibility groupTypes role roles resourceOwner defaultRole allowedMemberTypes
	origin platform templateId interval SkipReason kind scimType claimType op outcome command`)

// schemaTexts are the properties of rollcall's rules, and of a schema that these import, whose texts are names of attributes,
// operators and kinds. A file that a person chose may hold anything else beside them.
var schemaTexts = setOf(
	`id version templateId name key type match sourceOperandName operatorName targetAttributeName flowType flowBehavior flowTypes
	sourceObjectName targetObjectName sourceDirectoryName targetDirectoryName`)

// named are the properties around which a name is one of the schema's.
var named = setOf(`source value parameters attributes objects directories objectMappings synchronizationRules`)

// messages are properties that hold sentences.
var messages = setOf(
	`reason description additionalDetails recommendedAction resultReason detail details message Message content
	Error ErrorMessage error errorMessages userCountDescription text`)

// vocabulary are words that stay wherever they stand: those of protocols, products and of the messages that rules read.
var vocabulary = setOf(
	`smtp ext http https urn ietf params scim api schemas core extension enterprise atlassian external com net org
	microsoft microsoftonline onmicrosoft graph ari cloud site jira software servicedesk confluence rest admin
	user users group groups member members email emails resource directory identity provider primary work
	true false null any utc gmt direct
	site admins administrators admin system addons trusted ops all
	already exists invalid filter invalidfilter uniqueness conflict unauthorized unmanaged update unlinked associated account
	failed match create created delete deleted remove removed removing deleting creating assign unable badrequest bad request
	hidden eligible expire expired deactivated pim id displayname username userprincipalname mail externalid active value
	statuscode oauth consent permission redundantexport sso msiam_access msiam access guest`)

// codes are error codes, in lower case; a word that holds one stays.
var codes = strings.Fields(
	`redundantexport schemaattributenotfound schemapropertycanonlyacceptvalue invaliddomain toomanyrequests duplicatetargetentries
	duplicatesourceentries multipleentriesinresponse invalidanchor mandatoryfieldsmissing missingvalues importskipped
	licenselimitexceeded licenceexceeded licencechecklimit licencecheckhardlimitfailure credentialvalidation invalidcredentials
	unabletoresolvereference incompatiblefiltering noteffectivelyentitled authorization_requestdenied requestdenied
	quarantineexception toomanydeletes`)

// small are words of sentences. They stay where they stand alone in a message.
var small = setOf(
	`the of is was were in a and not for with this that these it its has have had been be are or but by from on at as to no
	which what who whose where when than then there more all every other one some first after before because could cannot
	can did does do read document file service answer answered answers permission permissions needs missing page pages
	everything nothing whole resulting processing occurred error response exception property please see details message web
	line names name skipped scope inside outside due attribute attributes required object import export synchronization
	changed change was set add added ended between part parts`)
