// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/ctl/layouts/systemoptions.h"

#include "app/ctl/fleettext.h"

using namespace Qt::StringLiterals;

namespace pulsedeck {

QString chooseSystems(const CommonOptions &options, const LayoutCatalog &catalog, SystemChoices *choices)
{
    const auto unknown = [&](const QString &name) {
        return catalog.find(name) ? QString() : u"There is no layout “%1”; see layouts list."_s.arg(printable(name.left(60)));
    };
    if (!options.onlySystems.isEmpty()) {
        for (const Layout &layout : catalog.layouts())
            choices->insert(layout.name, {false, {}});
    }
    for (const QString &word : options.onlySystems) {
        const QString name = word.section(u'=', 0, 0);
        const QString prefix = word.section(u'=', 1);
        if (const QString problem = unknown(name); !problem.isEmpty())
            return problem;
        const Layout &layout = *catalog.find(name);
        if (word.contains(u'=') && (prefix.isEmpty() || !SystemChoice::isPrefix(prefix)))
            return u"--system %1=PREFIX takes at most %2 bytes without control characters."_s.arg(name).arg(
                SystemChoice::longestPrefix);
        if (!prefix.isEmpty() && !layout.hasPrefix())
            return u"The keys of “%1” have no prefix that could be another one."_s.arg(name);
        if (layout.isTemplate && prefix.isEmpty())
            return u"“%1” is a pattern: give its prefix, as in --system %1=PREFIX."_s.arg(name);
        choices->insert(name, {true, prefix});
    }
    for (const QString &name : options.withoutSystems) {
        if (const QString problem = unknown(name); !problem.isEmpty())
            return problem;
        choices->insert(name, {false, {}});
    }
    return {};
}

} // namespace pulsedeck
