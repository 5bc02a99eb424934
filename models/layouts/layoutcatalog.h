// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/layouts/layoutreader.h"

namespace pulsedeck {

/// The layouts that there are: the built-in ones, and files of the user. A file that is wrong is reported and takes nothing away;
/// a good one with the name of a built-in layout replaces it, and that is reported too. Of two files with one name the first
/// counts. A value; any thread.
class LayoutCatalog
{
public:
    /// The built-in ones from resources/layouts, in the order of their names, templates last; a test holds that they are right.
    static const LayoutCatalog &builtIn();
    /// Those that this program was started with, the user's own among them; the built-in ones until use() was called. Of the GUI
    /// thread.
    static const LayoutCatalog &inUse();
    static void use(const LayoutCatalog &catalog);
    /// The built-in ones, and \a files and all of *.json in \a folder; a folder that is not there, or an empty name, is none.
    /// Files that were named go before those of the folder.
    static LayoutCatalog load(const QString &folder, const QStringList &files = {});
    /// The same of files that were read already.
    static LayoutCatalog of(const std::vector<LayoutReading> &files);

    const std::vector<Layout> &layouts() const { return m_layouts; }
    /// Nullptr if there is none of that name.
    const Layout *find(QStringView name) const;
    /// What is wrong with files: they, or a second of the same name, are not used.
    const std::vector<LayoutProblem> &problems() const { return m_problems; }
    /// What is right and worth knowing: a built-in layout was replaced.
    const std::vector<LayoutProblem> &notes() const { return m_notes; }

private:
    void take(const LayoutReading &reading);

    std::vector<Layout> m_layouts;
    std::vector<LayoutProblem> m_problems;
    std::vector<LayoutProblem> m_notes;
};

} // namespace pulsedeck
