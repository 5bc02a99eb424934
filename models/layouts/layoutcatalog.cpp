// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/layouts/layoutcatalog.h"

#include "models/layouts/layoutdocument.h"

#include <QCoreApplication>
#include <QDir>

#include <algorithm>
#include <optional>

using namespace Qt::StringLiterals;

namespace pulsedeck {

namespace {

class CatalogTexts
{
    Q_DECLARE_TR_FUNCTIONS(CatalogTexts)
};

constexpr auto schemaName = "layout.schema.json"_L1;

LayoutCatalog readBuiltIn()
{
    LayoutDocument::schema(); // Makes the resources known.
    std::vector<LayoutReading> readings;
    for (const QString &name : QDir(u":/layouts"_s).entryList({u"*.json"_s}, QDir::Files, QDir::Name)) {
        if (name == schemaName)
            continue;
        readings.push_back(LayoutReader::readFile(u":/layouts/"_s + name));
        if (std::optional<Layout> &layout = readings.back().layout) {
            layout->builtIn = true;
            layout->file.clear();
        }
    }
    std::sort(readings.begin(), readings.end(), [](const LayoutReading &one, const LayoutReading &other) {
        const auto key = [](const LayoutReading &reading) {
            return reading.layout ? std::pair(reading.layout->isTemplate, reading.layout->name) : std::pair(true, QString());
        };
        return key(one) < key(other);
    });
    return LayoutCatalog::of(readings);
}

} // namespace

const LayoutCatalog &LayoutCatalog::builtIn()
{
    static const LayoutCatalog catalog = readBuiltIn();
    return catalog;
}

namespace {

std::optional<LayoutCatalog> &catalogInUse()
{
    static std::optional<LayoutCatalog> catalog;
    return catalog;
}

} // namespace

const LayoutCatalog &LayoutCatalog::inUse()
{
    return catalogInUse() ? *catalogInUse() : builtIn();
}

void LayoutCatalog::use(const LayoutCatalog &catalog)
{
    catalogInUse() = catalog;
}

LayoutCatalog LayoutCatalog::load(const QString &folder, const QStringList &files)
{
    LayoutCatalog catalog = builtIn();
    for (const QString &file : files)
        catalog.take(LayoutReader::readFile(file));
    if (folder.isEmpty())
        return catalog;
    // A copy of the schema may lie there, for an editor.
    for (const QString &name : QDir(folder).entryList({u"*.json"_s}, QDir::Files, QDir::Name)) {
        if (name != schemaName)
            catalog.take(LayoutReader::readFile(QDir(folder).filePath(name)));
    }
    return catalog;
}

LayoutCatalog LayoutCatalog::of(const std::vector<LayoutReading> &files)
{
    LayoutCatalog catalog;
    const bool areBuiltIn = !files.empty() && files.front().layout && files.front().layout->builtIn;
    if (!areBuiltIn)
        catalog = builtIn();
    for (const LayoutReading &file : files)
        catalog.take(file);
    return catalog;
}

const Layout *LayoutCatalog::find(QStringView name) const
{
    const auto found =
        std::find_if(m_layouts.begin(), m_layouts.end(), [name](const Layout &layout) { return layout.name == name; });
    return found == m_layouts.end() ? nullptr : &*found;
}

void LayoutCatalog::take(const LayoutReading &reading)
{
    m_problems.insert(m_problems.end(), reading.problems.begin(), reading.problems.end());
    if (!reading.layout)
        return;
    const Layout &layout = *reading.layout;
    const auto same =
        std::find_if(m_layouts.begin(), m_layouts.end(), [&layout](const Layout &other) { return other.name == layout.name; });
    if (same == m_layouts.end()) {
        // Templates stay last.
        const auto at = std::find_if(m_layouts.begin(), m_layouts.end(), [](const Layout &other) { return other.isTemplate; });
        m_layouts.insert(layout.isTemplate || layout.builtIn ? m_layouts.end() : at, layout);
    } else if (same->builtIn) {
        m_notes.push_back({layout.file, 0, {}, CatalogTexts::tr("It replaces the built-in layout “%1”.").arg(layout.name)});
        *same = layout;
    } else {
        m_problems.push_back(
            {layout.file, 0, u"/layout"_s,
             CatalogTexts::tr("There is another layout “%1”, in %2, which is used.").arg(layout.name, same->file)});
    }
}

} // namespace pulsedeck
