// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/ctl/ctlhelp.h"

#include <algorithm>

using namespace Qt::StringLiterals;

namespace pulsedeck {

namespace {

constexpr qsizetype widest = 88;
constexpr qsizetype textFrom = 20; ///< Where the words stand that explain a name.

/// \a text behind \a first, broken into lines whose others begin at \a from.
QString wrapped(const QString &first, const QString &text, qsizetype from)
{
    QString out;
    QString line = first.size() < from ? first.leftJustified(from) : first;
    if (first.size() >= from && from > 0) {
        out = first + u'\n';
        line = QString(from, u' ');
    }
    bool begins = true;
    for (const QString &word : text.split(u' ', Qt::SkipEmptyParts)) {
        if (!begins && line.size() + 1 + word.size() > widest) {
            out += line + u'\n';
            line = QString(from, u' ');
            begins = true;
        }
        line += begins ? word : QString(u' ' + word);
        begins = false;
    }
    return out + line + u'\n';
}

QString entry(const QString &name, const QString &text)
{
    return wrapped(QString(u"  "_s + name), text, textFrom);
}

QString usage(const DeclaredCommand &command)
{
    const bool hasMore = !command.options.isEmpty();
    return QString(u"pulsedeckctl "_s + command.path() + u' ' + command.arguments + (hasMore ? u" [options]"_s : QString()));
}

} // namespace

QString ctlHelp(const DeclaredGroup &group, const DeclaredCommand *command)
{
    const std::vector<const DeclaredCommand *> commands =
        command ? std::vector<const DeclaredCommand *>{command} : DeclaredCommand::ofGroup(group.name);
    QString out;
    for (const DeclaredCommand *one : commands)
        out += wrapped(one == commands.front() ? u"Usage:"_s : QString(), usage(*one), 7);
    if (!command && group.name.isEmpty()) {
        for (const QString &name : DeclaredGroup::names())
            out += u"       pulsedeckctl %1 …%2see help %3\n"_s.arg(name, QString(9 - name.size(), u' '), name);
    }
    out += u'\n';
    if (command) {
        QString text = command->help;
        text[0] = text.at(0).toUpper();
        out += wrapped({}, QString(text + u'.'), 0) + u'\n';
    } else {
        out += wrapped({}, group.about, 0) + u'\n';
        for (const DeclaredCommand *one : commands) {
            if (!one->heading.isEmpty())
                out += one->heading + u'\n';
            out += entry(one->name, one->help);
        }
        out += u'\n';
    }
    for (const auto &[term, text] : group.terms) {
        const auto isMeant = [&term = term](const DeclaredCommand *one) { return one->arguments.contains(term); };
        if (std::any_of(commands.begin(), commands.end(), isMeant))
            out += entry(term, text);
    }
    for (const DeclaredOption &option : DeclaredOption::all()) {
        const auto takes = [&option](const DeclaredCommand *one) { return one->takes(option.name); };
        const bool always = option.name == "help"_L1 || (option.name == "version"_L1 && !command && group.name.isEmpty());
        if (always || std::any_of(commands.begin(), commands.end(), takes))
            out += entry(option.usage(), option.help);
    }
    for (const QString &note : group.notes.split(u'\n'))
        out += u'\n' + wrapped({}, note, 0);
    return out;
}

std::optional<QString> ctlHelpFor(const QStringList &words)
{
    if (words.isEmpty())
        return ctlHelp(DeclaredGroup::find(u""));
    const DeclaredGroup &group = DeclaredGroup::find(words.constFirst());
    if (!group.name.isEmpty() && words.size() == 1)
        return ctlHelp(group);
    const DeclaredCommand *command = DeclaredCommand::find(group.name, words.constLast());
    if (!command || words.size() > (group.name.isEmpty() ? 1 : 2))
        return std::nullopt;
    return ctlHelp(group, command);
}

} // namespace pulsedeck
