#!/usr/bin/env bash
# Restores, builds, checks the format and runs the tests; the last line counts them.
#
#   ./test                       everything
#   ./test unit [ARGUMENTS]      the fast tests alone, without the format check
#   ./test integration [ARG…]    the tests on DynamoDB Local and other real parts
#
# ARGUMENTS go to the xunit runner: ./test unit -class '*.TidyTests'
set -euo pipefail
cd "$(dirname "$(readlink -f "${BASH_SOURCE[0]}")")"

# A build server that outlives this script would hold its output open for whoever reads it.
export MSBUILDDISABLENODEREUSE=1 DOTNET_CLI_TELEMETRY_OPTOUT=1 DOTNET_NOLOGO=1

passed=0 failed=0 skipped=0

finish() {
    local code=$?
    if ((code != 0 && failed == 0)); then
        failed=1
    elif ((passed + failed == 0)); then
        echo "Error: no test ran." >&2
        failed=1
    fi
    echo "$passed passed, $failed failed, $skipped skipped"
    exit $((failed > 0))
}
trap finish EXIT

# Packages of the system that some tests want. As root on Debian or Ubuntu they are installed; elsewhere the line that does
# it is printed, and those tests skip (with CI=true they fail).
system_packages() {
    local missing=()
    command -v java javac >/dev/null || missing+=(openjdk-17-jdk-headless)
    command -v npm >/dev/null || missing+=(npm)
    has_botocore || missing+=(python3-botocore)
    command -v aws >/dev/null || missing+=(awscli)
    if ((${#missing[@]} == 0)); then
        return
    fi
    if ((EUID == 0)) && command -v apt-get >/dev/null; then
        echo "Installing what the tests want from the system's packages: ${missing[*]}"
        apt-get update -qq
        DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends "${missing[@]}"
    else
        echo "Some tests want packages that are not here: sudo apt-get install -y ${missing[*]}"
    fi
}

has_botocore() {
    [[ -d /usr/lib/python3/dist-packages/botocore/data ]] || python3 -c 'import botocore' 2>/dev/null
}

check_format() {
    if ! dotnet format whitespace . --folder --exclude artifacts --verify-no-changes ||
        ! dotnet format style Afterimage.slnx --no-restore --verify-no-changes; then
        echo "Error: the format is not the house's. Try: dotnet format" >&2
        failed=$((failed + 1))
    fi
}

# Adds up a suite from the report that its runner writes; a runner that dies before it does has failed.
run_suite() {
    local suite=$1 report="artifacts/test-results/$1.json" code=0 counts p f s
    shift
    rm -f "$report"
    dotnet exec "artifacts/bin/$suite/release/$suite.dll" -noLogo -noColor "$@" -ctrf "$report" </dev/null || code=$?
    counts="$(node -p 'const s = JSON.parse(fs.readFileSync(process.argv[1])).results.summary;
        [s.passed, s.failed, s.skipped + s.pending].join(" ")' "$report")" || counts="0 1 0"
    read -r p f s <<<"$counts"
    if ((code != 0 && f == 0)); then
        echo "Error: the runner of $suite ended with $code." >&2
        f=1
    fi
    passed=$((passed + p)) failed=$((failed + f)) skipped=$((skipped + s))
}

suites=(Afterimage.Tests Afterimage.IntegrationTests)
whole=true
case "${1-}" in
    unit) suites=(Afterimage.Tests) whole=false && shift ;;
    integration) suites=(Afterimage.IntegrationTests) whole=false && shift ;;
esac

mkdir -p artifacts/test-results
system_packages
dotnet build Afterimage.slnx -c Release -v:quiet
if $whole; then
    check_format
fi
for suite in "${suites[@]}"; do
    run_suite "$suite" "$@"
done
