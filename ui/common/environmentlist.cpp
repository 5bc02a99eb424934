// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/common/environmentlist.h"

#include "models/fleet/sourcelistmodel.h"
#include "ui/common/environmentmark.h"
#include "ui/common/environmenttag.h"
#include "ui/common/tonelabel.h"
#include "ui/theme/theme.h"

#include <QHBoxLayout>

#include <algorithm>

using namespace Qt::StringLiterals;

namespace pulsedeck {

namespace {

constexpr size_t mostShown = 4; ///< The rest is counted.

} // namespace

EnvironmentList::EnvironmentList(QWidget *parent)
    : QWidget(parent)
    , m_row(new QHBoxLayout(this))
{
    setObjectName(u"environmentList"_s);
    m_row->setContentsMargins(0, px(3), 0, 0);
    m_row->setSpacing(px(6));
    hide();
}

void EnvironmentList::setSources(const SourceListModel &sources, const std::vector<SourceId> &ids)
{
    std::vector<SourceSettings> told;
    for (const SourceId id : ids) {
        if (SourceSettings settings = sources.settings(id); settings.environment != SourceEnvironment::None)
            told.push_back(std::move(settings));
    }
    std::stable_sort(told.begin(), told.end(),
                     [](const SourceSettings &a, const SourceSettings &b) { return a.environment > b.environment; });
    QStringList shown;
    for (const SourceSettings &settings : told)
        shown.append(settings.name + u", "_s + environmentText(settings.environment));
    if (shown == m_shown)
        return;
    m_shown = shown;
    while (QLayoutItem *item = m_row->takeAt(0)) {
        delete item->widget();
        delete item;
    }
    for (size_t i = 0; i < qMin(told.size(), mostShown); ++i) {
        m_row->addWidget(new EnvironmentMark(told[i].environment, this));
        auto *name = (new ToneLabel(told[i].name, ToneLabel::Tone::Text, ToneLabel::Face::Body, this))->elided(Qt::ElideMiddle);
        m_row->addWidget(name);
        m_row->addWidget(new EnvironmentTag(told[i].environment, this));
        m_row->addSpacing(px(8));
    }
    if (told.size() > mostShown) {
        m_row->addWidget(
            new ToneLabel(tr("and %1 more").arg(told.size() - mostShown), ToneLabel::Tone::Dim, ToneLabel::Face::Body, this));
    }
    m_row->addStretch(1);
    setAccessibleName(shown.join(u"; "_s));
    setVisible(!told.empty());
}

} // namespace pulsedeck
