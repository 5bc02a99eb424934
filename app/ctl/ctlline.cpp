// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/ctl/ctlline.h"

#include "app/ctl/ctlhelp.h"
#include "app/ctl/hub/hubaccess.h"
#include "models/fleet/fleetfilter.h"

#include <QCommandLineParser>
#include <QFileInfo>
#include <QRegularExpression>

#include <algorithm>

using namespace Qt::StringLiterals;

namespace pulsedeck {

namespace {

/// Knows the options of all commands: one of another command can then be named, and its value is taken for no word.
void declareAll(QCommandLineParser &parser)
{
    for (const DeclaredOption &option : DeclaredOption::all()) {
        QStringList names{option.name};
        if (option.name == "help"_L1)
            names.append(u"h"_s);
        else if (option.name == "version"_L1)
            names.append(u"v"_s);
        parser.addOption(QCommandLineOption(names, {}, option.value));
    }
}

/// Qt's parser takes the name of the program first.
bool parse(QCommandLineParser &parser, const QStringList &arguments)
{
    return parser.parse(QStringList(u"pulsedeckctl"_s) + arguments);
}

QString helpHint(QStringView group)
{
    return group.isEmpty() ? u"see --help."_s : QString(u"see "_s + group + u" --help."_s);
}

QString unknownOption(const QString &name, QStringView group)
{
    if (name == u"token")
        return tokenArgumentRefusal();
    // Only what looks like an option's name is repeated.
    static const QRegularExpression plain(u"^[a-z-]{1,20}$"_s);
    const QString shown = plain.match(name).hasMatch() ? QString((name.size() > 1 ? u" --"_s : u" -"_s) + name) : QString();
    return QString(u"Unknown option"_s + shown + u". "_s + helpHint(group).replace(0, 1, u'S'));
}

/// Qt's own sentence repeats the whole argument.
QString valueProblem(const QStringList &arguments)
{
    for (const QString &argument : arguments) {
        const qsizetype equals = argument.indexOf(u'=');
        const DeclaredOption *option = equals > 0 ? DeclaredOption::find(argument.mid(2, equals - 2)) : nullptr;
        if (option && option->value.isEmpty())
            return QString(u"--"_s + option->name + u" takes no value."_s);
    }
    const DeclaredOption *last = DeclaredOption::find(arguments.constLast().mid(2));
    return last ? QString(u"A value is missing after --"_s + last->name + u'.') : u"An option does not take a value."_s;
}

} // namespace

CtlLine CtlLine::read(QStringView group, const QStringList &arguments)
{
    CtlLine line;
    line.m_group = group.toString();
    line.m_arguments = arguments;
    QCommandLineParser parser;
    declareAll(parser);
    if (!parse(parser, arguments)) {
        const QStringList unknown = parser.unknownOptionNames();
        line.m_problem = unknown.isEmpty() ? valueProblem(arguments) : unknownOption(unknown.constFirst(), group);
        return line;
    }
    for (const DeclaredOption &option : DeclaredOption::all()) {
        if (parser.isSet(option.name))
            line.m_values.insert(option.name, parser.values(option.name));
    }
    line.m_words = parser.positionalArguments();
    const QString verb = line.m_words.isEmpty() ? QString() : line.m_words.takeFirst();
    line.m_command = DeclaredCommand::find(group, verb);
    if (line.isHelp() || (group.isEmpty() && line.isVersion()))
        return line;
    if (!line.m_command) {
        const QString names = QString(DeclaredGroup::find(group).commandNames() + u"; "_s + helpHint(group));
        line.m_problem = (verb.isEmpty() ? u"A command is missing: "_s : u"Unknown command: use "_s) + names;
        return line;
    }
    for (const DeclaredOption &option : DeclaredOption::all()) {
        if (!line.has(option.name))
            continue;
        if (!line.m_command->takes(option.name))
            line.m_problem =
                u"--%1 is not for %2; %3"_s.arg(option.name, line.m_command->path(), helpHint(line.m_command->path()));
        // A script's $FILTER or $REASON may be empty.
        else if (!option.value.isEmpty() && line.value(option.name).isEmpty()
                 && !(group.isEmpty() && (option.name == "where"_L1 || option.name == "reason"_L1)))
            line.m_problem = u"--%1 needs a value: %2."_s.arg(option.name, option.value);
    }
    return line;
}

int CtlLine::commandNumber() const
{
    const std::vector<const DeclaredCommand *> commands = DeclaredCommand::ofGroup(m_group);
    return int(std::find(commands.begin(), commands.end(), m_command) - commands.begin());
}

QList<CtlLine::Place> CtlLine::places(QStringView option) const
{
    // The parser does not keep the order of words and options; parsing one more argument at a time shows it.
    QCommandLineParser parser;
    declareAll(parser);
    const QString name = option.toString();
    QList<Place> places;
    qsizetype words = 1; // The command is none of them.
    qsizetype values = 0;
    for (qsizetype count = 1; count <= m_arguments.size(); ++count) {
        parse(parser, m_arguments.first(count));
        if (parser.positionalArguments().size() > words)
            places.append({true, parser.positionalArguments().at(words++)});
        if (parser.values(name).size() > values)
            places.append({false, parser.values(name).at(values++)});
    }
    return places;
}

void CtlLine::refuse(const QString &problem)
{
    if (m_problem.isEmpty())
        m_problem = problem;
}

QString CtlLine::help() const
{
    return ctlHelp(DeclaredGroup::find(m_group), m_command);
}

void CtlLine::takeSeconds(QStringView option, int *ms)
{
    if (!has(option))
        return;
    bool ok = false;
    const double seconds = value(option).toDouble(&ok);
    ok = ok && seconds > 0 && seconds <= 1'000'000;
    refuse(!ok, u"--%1 takes a number of seconds, such as 10."_s.arg(option));
    *ms = ok ? qMax(1, int(seconds * 1000)) : *ms;
}

void CtlLine::takeCommon(CommonOptions *options)
{
    const QStringList problems = FleetFilter::parse(value(u"where")).problems();
    refuse(!problems.isEmpty(), u"--where: "_s + problems.join(u"; "_s));
    options->where = value(u"where");
    options->json = has(u"json");
    options->reason = value(u"reason");
    options->layoutFiles = values(u"layout");
    options->onlySystems = values(u"system");
    options->withoutSystems = values(u"without");
    options->journalFile = value(u"journal");
    options->hubAccess.tokenFile = value(u"token-file");
    options->hubAccess.caFile = value(u"cacert");
    TlsOptions &tls = options->hubAccess.tlsOptions;
    tls.certFile = value(u"cert");
    tls.keyFile = value(u"key");
    if (has(u"key-password-file"))
        tls.keyPassphraseFrom = {SecretPlace::From::File, QFileInfo(value(u"key-password-file")).absoluteFilePath()};
    tls.serverName = value(u"server-name");
    tls.fingerprints = value(u"fingerprint");
    refuse(tls.pinProblem());
    takeSeconds(u"timeout", &options->timeoutMs);
}

} // namespace pulsedeck
