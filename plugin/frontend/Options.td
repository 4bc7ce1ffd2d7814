// Every option of every subcommand, and which subcommand knows it. The text is what `--help` prints.
include "llvm/Option/OptParser.td"

def CheckVis : OptionVisibility;
def FactsVis : OptionVisibility;
def RulesVis : OptionVisibility;
def ModelsVis : OptionVisibility;
def LinkVis : OptionVisibility;
def ExplainVis : OptionVisibility;
def SummarizeVis : OptionVisibility;
def VerifyVis : OptionVisibility;

// `--name VALUE` and `--name=VALUE`.
multiclass Value<string name, string value, string help, list<OptionVisibility> who> {
  def NAME : Separate<["--"], name>, MetaVarName<"<"#value#">">, HelpText<help>, Visibility<who>;
  def NAME#_joined : Joined<["--"], name#"=">, Alias<!cast<Option>(NAME)>, Visibility<who>;
}
class Switch<string name, string help, list<OptionVisibility> who>
    : Flag<["--"], name>, HelpText<help>, Visibility<who>;

def units : OptionGroup<"<units>">, HelpText<"WHAT IS ANALYSED">;
let Group = units in {
def build : JoinedOrSeparate<["-"], "p">, MetaVarName<"<BUILD>">, Visibility<[CheckVis, FactsVis, ExplainVis, SummarizeVis, VerifyVis]>,
  HelpText<"A build directory with a compile_commands.json, or that file itself; without it, the nearest one above FILE">;
defm facts : Value<"facts", "PATH", "Use facts that are there already, in anything that 'fencelint link' takes; repeatable", [CheckVis, ExplainVis, SummarizeVis, VerifyVis]>;
defm extra_arg : Value<"extra-arg", "ARG", "Append ARG to every unit's clang command; repeatable", [CheckVis, FactsVis, ExplainVis, SummarizeVis, VerifyVis]>;
defm resource_dir : Value<"resource-dir", "DIR", "Where clang 22's own headers are (also: FENCELINT_RESOURCE_DIR)", [CheckVis, FactsVis, ExplainVis, SummarizeVis, VerifyVis]>;
}

def knowledge : OptionGroup<"<knowledge>">, HelpText<"WHAT IS KNOWN AND ASKED">;
let Group = knowledge in {
defm rules : Value<"rules", "LIST", "a,b runs only a and b; -c the default ones without c; all every rule", [CheckVis, LinkVis]>;
defm min_confidence : Value<"min-confidence", "LEVEL", "Leave out what is less sure than low, medium (the default) or high", [CheckVis, LinkVis, ExplainVis]>;
defm model : Value<"model", "PATH", "Describe more functions: a model file or a directory of them; repeatable", [CheckVis, LinkVis, ModelsVis, ExplainVis, SummarizeVis, VerifyVis]>;
def rt : Switch<"rt", "Also judge the kernel's code as with CONFIG_PREEMPT_RT, where a spinlock_t is a lock that sleeps", [CheckVis, LinkVis, ExplainVis]>;
def require_reasons : Switch<"require-reasons", "A NOLINT comment that does not say why is an error", [CheckVis, LinkVis]>;
defm version_text : Value<"version", "TEXT", "What the sources are, for the head of the model file: 'Linux 6.12'", [SummarizeVis]>;
defm in_file : Value<"in", "FILE", "Of several with that name, those that are declared in FILE (the end of its path is enough)", [ExplainVis]>;
def no_shipped_models : Switch<"no-shipped-models", "Know only what --model says", [CheckVis, LinkVis, ModelsVis, ExplainVis, SummarizeVis, VerifyVis]>;
}

def results : OptionGroup<"<results>">, HelpText<"WHAT IS WRITTEN">;
let Group = results in {
defm format : Value<"format", "FORMAT", "How findings are written: text (the default), json or sarif", [CheckVis, LinkVis, VerifyVis]>;
defm output : Value<"output", "FILE", "Write it there instead of standard output", [CheckVis, LinkVis, ExplainVis, SummarizeVis, VerifyVis]>;
def : JoinedOrSeparate<["-"], "o">, Alias<output>, Visibility<[CheckVis, LinkVis, ExplainVis, SummarizeVis, VerifyVis]>;
defm sarif : Value<"sarif", "FILE", "Write SARIF 2.1.0 as well", [CheckVis, LinkVis, VerifyVis]>;
defm json : Value<"json", "FILE", "Write JSON as well", [CheckVis, LinkVis, VerifyVis]>;
// Two prefixes, because tablegen wants options of one spelling to differ in something.
def as_json : Flag<["--", "-"], "json">, HelpText<"Answer as one JSON object">, Visibility<[ExplainVis]>;
defm facts_dir : Value<"facts-dir", "DIR", "Keep each unit's facts there, for --facts", [CheckVis, ExplainVis, SummarizeVis, VerifyVis]>;
defm output_facts : Value<"output-facts", "FILE", "Write the facts there instead of printing them", [FactsVis]>;
defm color : Value<"color", "WHEN", "Colours in text: auto (the default: on a terminal), always or never", [CheckVis, LinkVis, VerifyVis, ExplainVis]>;
def show_suppressed : Switch<"show-suppressed", "Also show what NOLINT comments and FENCE_AUDITED suppress, and why", [CheckVis, LinkVis]>;
defm max_errors : Value<"max-errors", "N", "Show at most N units that could not be analysed (default: 20; 0: all)", [CheckVis, LinkVis, ExplainVis, SummarizeVis, VerifyVis]>;
def quiet : Switch<"quiet", "Results and errors only: no progress, no closing line", [CheckVis, LinkVis, ExplainVis, SummarizeVis, VerifyVis]>;
def : Flag<["-"], "q">, Alias<quiet>, Visibility<[CheckVis, LinkVis, ExplainVis, SummarizeVis, VerifyVis]>;
def exit_zero : Switch<"exit-zero", "Exit 0 although there are findings, as a checker that a build system calls must; 2 stays 2", [CheckVis, LinkVis, VerifyVis]>;
def verbose : Switch<"verbose", "Progress even when standard error is not a terminal, what was changed in commands, and every note", [CheckVis, LinkVis, ExplainVis, SummarizeVis, VerifyVis]>;
def stats : Switch<"stats", "How large the summaries of functions are, on standard error, and in JSON as well", [CheckVis, LinkVis]>;
def timings : Switch<"timings", "How long each phase took, in seconds, on standard error", [CheckVis, LinkVis, ExplainVis, SummarizeVis, VerifyVis]>;
}

def work : OptionGroup<"<work>">, HelpText<"HOW IT RUNS">;
let Group = work in {
def jobs : JoinedOrSeparate<["-"], "j">, MetaVarName<"<N>">, Visibility<[CheckVis, ExplainVis, SummarizeVis, VerifyVis]>,
  HelpText<"Units parsed at once, each in a process of its own (default: one per core)">;
def help : Switch<"help", "Show this help", [CheckVis, LinkVis, FactsVis, RulesVis, ModelsVis, ExplainVis, SummarizeVis, VerifyVis]>;
def : Flag<["-"], "h">, Alias<help>, Visibility<[CheckVis, LinkVis, FactsVis, RulesVis, ModelsVis, ExplainVis, SummarizeVis, VerifyVis]>;
}
