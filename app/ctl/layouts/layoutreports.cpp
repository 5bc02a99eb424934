// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/ctl/layouts/layoutreports.h"

#include "app/ctl/fleettext.h"
#include "app/redis/dialectregistry.h"
#include "models/layouts/layoutacl.h"
#include "models/layouts/layoutdocument.h"

#include <QDir>
#include <QFileInfo>
#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>
#include <QSettings>

#include <algorithm>
#include <array>

using namespace Qt::StringLiterals;

namespace pulsedeck {

namespace {

using LayoutAction = LayoutCtlOptions::Action;

QByteArray jsonText(const QJsonArray &array)
{
    return printableJson(QJsonDocument(array).toJson());
}

QString understoodText(const Layout &layout)
{
    if (layout.isTemplate)
        return u"pattern: needs a prefix"_s;
    switch (layout.understood) {
    case Layout::Understood::Tested:
        return u"tested"_s;
    case Layout::Understood::Recorded:
        return u"from recorded bytes"_s;
    case Layout::Understood::Source:
        return u"from its source"_s;
    case Layout::Understood::Unsaid:
        break;
    }
    return u"as its file says"_s;
}

/// What it can be given: "drain, stop".
QStringList commandNames(const Layout &layout)
{
    QStringList names;
    for (const LayoutCommand &command : layout.commands) {
        const QString name = command.act == Act::Shutdown ? u"stop"_s : actName(command.act);
        if (command.whyNot.isEmpty() && !names.contains(name))
            names.append(name);
    }
    return names;
}

QJsonObject layoutJson(const Layout &layout)
{
    return {
        {u"layout"_s, layout.name},
        {u"title"_s, layout.title},
        {u"versions"_s, layout.versions},
        {u"from"_s, layout.builtIn ? u"built-in"_s : layout.file},
        {u"understood"_s, layout.understood == Layout::Understood::Unsaid
                              ? QJsonValue()
                              : QJsonValue(layout.understood == Layout::Understood::Tested     ? u"tested"_s
                                           : layout.understood == Layout::Understood::Recorded ? u"recorded"_s
                                                                                               : u"source"_s)},
        {u"watched"_s, canWatch(layout)},
        {u"template"_s, layout.isTemplate},
        {u"commands"_s, QJsonArray::fromStringList(commandNames(layout))},
        {u"note"_s, layout.note},
        {u"killed"_s, layout.killed},
    };
}

CtlExit list(const LayoutCtlOptions &options, Output &output)
{
    const LayoutCatalog catalog = loadLayouts(options);
    const CtlExit code = catalog.problems().empty() ? CtlExit::Done : CtlExit::Findings;
    if (options.json) {
        QJsonArray array;
        for (const Layout &layout : catalog.layouts())
            array.append(layoutJson(layout));
        return output.print(jsonText(array), code);
    }
    std::vector<std::array<QString, 6>> rows{{u"NAME"_s, u"TITLE"_s, u"VERSIONS"_s, u"FROM"_s, u"WATCHED"_s, u"UNDERSTOOD"_s}};
    for (const Layout &layout : catalog.layouts())
        rows.push_back({layout.name, printable(layout.title), printable(layout.versions),
                        layout.builtIn ? u"built in"_s : printable(layout.file), canWatch(layout) ? u"yes"_s : u"not yet"_s,
                        understoodText(layout)});
    std::array<qsizetype, 6> widths{};
    for (const auto &row : rows) {
        for (size_t i = 0; i < row.size(); ++i)
            widths[i] = std::max(widths[i], row[i].size());
    }
    QString text;
    for (const auto &row : rows) {
        for (size_t i = 0; i + 1 < row.size(); ++i)
            text += row[i].leftJustified(widths[i] + 2);
        text += row.back() + u'\n';
    }
    return output.print(text.toUtf8(), code);
}

const Layout *wanted(const LayoutCatalog &catalog, const QString &name)
{
    const Layout *layout = catalog.find(name);
    if (!layout) {
        QStringList names;
        for (const Layout &one : catalog.layouts())
            names.append(one.name);
        Output::complain(u"There is no layout “%1”; there are %2."_s.arg(printable(name.left(60)), names.join(u", "_s)));
    }
    return layout;
}

CtlExit show(const LayoutCtlOptions &options, Output &output)
{
    const LayoutCatalog catalog = loadLayouts(options);
    const Layout *layout = wanted(catalog, options.name);
    return layout ? output.print(printableJson(layout->json), CtlExit::Done) : CtlExit::Usage;
}

CtlExit check(const LayoutCtlOptions &options, Output &output)
{
    bool unreadable = false;
    QStringList files;
    for (const QString &file : options.files) {
        if (QFileInfo(file).isFile() && QFileInfo(file).isReadable()) {
            files.append(file);
        } else {
            unreadable = true;
            Output::complain(printable(file) + u": it cannot be read, or is not a file."_s);
        }
    }
    const LayoutCatalog catalog = LayoutCatalog::load({}, files);
    const CtlExit code = unreadable ? CtlExit::Usage : catalog.problems().empty() ? CtlExit::Done : CtlExit::Findings;
    if (options.json) {
        QJsonArray array;
        for (const LayoutProblem &problem : catalog.problems())
            array.append(QJsonObject{{u"file"_s, problem.file},
                                     {u"line"_s, problem.line > 0 ? QJsonValue(problem.line) : QJsonValue()},
                                     {u"path"_s, problem.path},
                                     {u"text"_s, problem.text}});
        return output.print(jsonText(array), code);
    }
    QString text;
    for (const LayoutProblem &problem : catalog.problems())
        text += printable(problem.toString()) + u'\n';
    for (const LayoutProblem &note : catalog.notes())
        text += printable(note.toString()) + u'\n';
    for (const Layout &layout : catalog.layouts()) {
        if (!layout.builtIn)
            text += u"%1: layout “%2”, %3: no mistake\n"_s.arg(printable(layout.file), layout.name, printable(layout.title));
    }
    return output.print(text.toUtf8(), code);
}

CtlExit acl(const LayoutCtlOptions &options, Output &output)
{
    const LayoutCatalog catalog = loadLayouts(options);
    const Layout *named = wanted(catalog, options.name);
    if (!named)
        return CtlExit::Usage;
    if (!options.prefix.isEmpty() && !named->hasPrefix()) {
        Output::complain(u"The keys of “%1” have no prefix that could be another one."_s.arg(named->name));
        return CtlExit::Usage;
    }
    Layout placed = *named;
    if (!options.prefix.isEmpty())
        placed.prefix = options.prefix.toUtf8();
    const Layout *const layout = &placed;
    LayoutPlace place;
    place.database = options.database;
    for (const QString &queue : options.queues)
        place.queues.append(queue.toUtf8());
    const QByteArray user = options.user.toUtf8();
    const QByteArray watching = watchingRights(*layout, place).line(user);
    const QByteArray commanding = commandNames(*layout).isEmpty() ? QByteArray() : commandingRights(*layout, place).line(user);
    if (options.json) {
        const QJsonObject object{{u"watch"_s, QString::fromUtf8(watching)},
                                 {u"command"_s, commanding.isEmpty() ? QJsonValue() : QJsonValue(QString::fromUtf8(commanding))}};
        return output.print(printableJson(QJsonDocument(object).toJson()), CtlExit::Done);
    }
    QByteArray second = "# " + layout->title.toUtf8() + " has no commands.\n";
    if (!commanding.isEmpty())
        second = "# to watch and to command (" + commandNames(*layout).join(u", "_s).toUtf8() + ")\n" + commanding + '\n';
    return output.print("# to watch\n" + watching + "\n\n" + second, CtlExit::Done);
}

} // namespace

LayoutCatalog readLayouts(const CommonOptions &options)
{
    const QSettings settings(QSettings::IniFormat, QSettings::UserScope, u"pulsedeck"_s, u"pulsedeck"_s);
    return LayoutCatalog::load(QFileInfo(settings.fileName()).dir().filePath(u"layouts"_s), options.layoutFiles);
}

LayoutCatalog loadLayouts(const CommonOptions &options)
{
    const LayoutCatalog catalog = readLayouts(options);
    for (const auto *some : {&catalog.problems(), &catalog.notes()}) {
        for (const LayoutProblem &problem : *some)
            Output::complain(printable(problem.toString()));
    }
    return catalog;
}

CtlExit reportLayouts(const LayoutCtlOptions &options, Output &output)
{
    switch (options.action) {
    case LayoutAction::List:
        return list(options, output);
    case LayoutAction::Show:
        return show(options, output);
    case LayoutAction::Schema:
        return output.print(LayoutDocument::schema(), CtlExit::Done);
    case LayoutAction::Check:
        return check(options, output);
    default:
        return acl(options, output);
    }
}

} // namespace pulsedeck
