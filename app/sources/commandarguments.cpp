// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/sources/commandarguments.h"

#include <algorithm>
#include <array>
#include <cctype>
#include <cstring>
#include <string>
#include <string_view>

namespace pulsedeck {

namespace {

constexpr std::array<std::string_view, 3> secretNames{"pass", "token", "secret"};

/// The compiler may leave out writes that the program never reads: these are read by others.
bool overwrite(char *from, char *to)
{
    for (volatile char *at = from; at < to; ++at)
        *at = '*';
    return from < to;
}

/// A name of a worker may have a colon and an @ as well: it has other characters that an address without a scheme has not.
bool maybeBareAddress(std::string_view text)
{
    return !text.empty() && text.front() != '-' && text.front() != '@' && text.find_first_of(" \t\n\"'{}()") == text.npos;
}

bool scrubLogin(char *from, char *end)
{
    // A password may have an unescaped / or ? in it: the last @ counts, as far as it goes.
    char *at = end;
    while (at > from && at[-1] != '@')
        --at;
    if (at == from)
        return false;
    char *const colon = std::find(from, at - 1, ':');
    return colon < at - 1 && overwrite(colon + 1, at - 1);
}

bool scrubParameters(char *from, char *end)
{
    bool found = false;
    char *item = std::find(from, end, '?');
    while (item < end) {
        char *const name = item + 1;
        char *const next = std::find(name, end, '&');
        char *const equals = std::find(name, next, '=');
        std::string word(name, equals);
        std::transform(word.begin(), word.end(), word.begin(), [](unsigned char c) { return char(std::tolower(c)); });
        const bool names = word.find("_env") != word.npos || word.find("_file") != word.npos; // Where it is, not what it is.
        const bool secret = !names && std::any_of(secretNames.begin(), secretNames.end(), [&word](std::string_view part) {
            return word.find(part) != word.npos;
        });
        if (equals < next && secret)
            found = overwrite(equals + 1, next) || found;
        item = next;
    }
    return found;
}

/// Whether it was surely a password. \a before is the argument before it.
bool scrub(char *argument, std::string_view before)
{
    char *const end = argument + std::strlen(argument);
    const std::string_view text(argument, size_t(end - argument));
    const size_t mark = text.find("://");
    if (mark == text.npos) {
        // A filter such as id:celery@host looks the same, and loses nothing by it.
        const bool address = !before.starts_with("--") || before == "--url";
        return maybeBareAddress(text) && scrubLogin(argument, end) && address;
    }
    char *const from = argument + mark + 3;
    const bool parameters = scrubParameters(from, end);
    return scrubLogin(from, end) || parameters;
}

} // namespace

CommandArguments CommandArguments::take(int argc, char **argv)
{
    CommandArguments arguments;
    for (int i = 0; i < argc; ++i)
        arguments.all.append(QString::fromLocal8Bit(argv[i]));
    for (int i = 1; i < argc; ++i)
        arguments.heldSecret = scrub(argv[i], argv[i - 1]) || arguments.heldSecret;
    return arguments;
}

QString CommandArguments::warning()
{
    return tr("A password was given on the command line, where everybody on this machine could read it. It has been overwritten "
              "there.");
}

QString CommandArguments::advice()
{
    return tr(
        "Name an environment variable (password_env=NAME in the address) or a file (password_file=FILE) that has it instead, "
        "or keep it in the keychain.");
}

} // namespace pulsedeck
