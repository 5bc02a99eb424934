// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/window/windowviews.h"

#include "ui/common/questiondialog.h"
#include "ui/fleet/fleetpage.h"
#include "ui/window/navigationpanel.h"
#include "ui/window/noticebar.h"
#include "ui/window/savedviews.h"
#include "ui/window/statusstrip.h"
#include "ui/window/windowmenus.h"

#include <QAction>
#include <QLineEdit>

using namespace Qt::StringLiterals;

namespace pulsedeck {

WindowViews::WindowViews(const Parts &parts, QObject *parent)
    : QObject(parent)
    , m_parts(parts)
    , m_survey(parts.store)
{
    connect(&m_parts.navigation, &NavigationPanel::viewChosen, this, &WindowViews::choose);
    connect(&m_parts.navigation, &NavigationPanel::saveViewRequested, this, &WindowViews::save);
    connect(&m_parts.menus, &WindowMenus::viewRequested, this, &WindowViews::choose);
    connect(m_parts.menus.saveView, &QAction::triggered, this, &WindowViews::save);
    connect(&m_parts.fleet, &FleetPage::filterChanged, this, [this](const QString &text) {
        m_parts.navigation.setCurrentView(m_parts.views.rowOf(text));
        m_parts.menus.setFilterText(text);
        m_parts.navigation.setFilterThere(!text.trimmed().isEmpty());
    });
    for (const auto signal : {&QAbstractItemModel::rowsInserted, &QAbstractItemModel::rowsRemoved})
        connect(&m_parts.views, signal, this, &WindowViews::passFilters);
    connect(&m_parts.views, &SavedViews::filtersChanged, this, &WindowViews::passFilters);
    passFilters();
    connect(&m_survey, &FleetSummary::attentionChanged, this, &WindowViews::count);
    connect(&m_survey, &FleetSummary::finished, this, [this] {
        count();
        m_parts.status.setSkew(m_survey.skew());
    });
}

void WindowViews::setAway(bool away)
{
    m_away = away;
    count();
}

void WindowViews::passFilters()
{
    std::vector<FleetFilter> filters;
    for (int row = 0; row < m_parts.views.rowCount(); ++row)
        filters.push_back(m_parts.views.filter(row));
    m_survey.setFilters(std::move(filters));
}

void WindowViews::count()
{
    m_parts.views.setCounts(m_away ? std::vector<int>(size_t(m_parts.views.rowCount()), -1) : m_survey.counts());
}

void WindowViews::choose(int row)
{
    emit filterRequested(m_parts.views.filterText(row));
}

void WindowViews::save()
{
    const QString text = m_parts.fleet.filterText().trimmed();
    if (text.isEmpty()) {
        m_parts.notice.showAnswer(tr("There is no filter to save"), tr("Type one on the Fleet page first."));
        return;
    }
    auto *dialog = new QuestionDialog(tr("Save the Filter as a View"), tr("Save this filter as a view?"), text.left(80),
                                      tr("&Save"), ButtonRole::Primary, &m_parts.window);
    dialog->setObjectName(u"saveViewQuestion"_s);
    QLineEdit *field = dialog->addField(tr("Name"), text.left(40));
    connect(dialog, &QDialog::accepted, this, [this, text, field] {
        const QString name = field->text();
        if (m_parts.views.save(name, text)) {
            m_parts.navigation.setCurrentView(m_parts.views.rowOf(text));
        } else {
            m_parts.notice.showAnswer(tr("The view was not saved"),
                                      tr("There are already %Ln saved view(s): remove one first.", nullptr, SavedViews::maxOwn));
        }
    });
    dialog->open();
}

} // namespace pulsedeck
