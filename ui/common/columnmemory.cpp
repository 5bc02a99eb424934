// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/common/columnmemory.h"

#include "ui/common/selfdeleting.h"

#include <QHeaderView>
#include <QMenu>
#include <QSettings>

using namespace Qt::StringLiterals;

namespace pulsedeck {

ColumnMemory::ColumnMemory(QHeaderView &header, QSettings *settings, const QString &place)
    : QObject(&header)
    , m_header(header)
    , m_settings(settings)
    , m_place(u"columns/"_s + place)
{
    load();
    connect(&header, &QHeaderView::sectionResized, this, [this](int column, int before, int width) {
        // To be hidden and shown is no choice of a width.
        if (m_layingOut || before == 0 || width == 0)
            return;
        // The last one takes what the others leave.
        if (m_header.stretchLastSection() && m_header.visualIndex(column) == m_header.count() - 1)
            return;
        m_widths.insert(column, width);
        if (m_settings)
            m_settings->setValue(QString(m_place + u'/' + QString::number(column)), width);
        emit changed();
    });
    header.setContextMenuPolicy(Qt::CustomContextMenu);
    connect(&header, &QHeaderView::customContextMenuRequested, this, &ColumnMemory::showMenu);
}

void ColumnMemory::load()
{
    if (!m_settings)
        return;
    for (int column = 0; column < m_header.count(); ++column) {
        const int width = m_settings->value(QString(m_place + u'/' + QString::number(column)), 0).toInt();
        if (width > 0)
            m_widths.insert(column, width);
    }
}

void ColumnMemory::reset()
{
    m_widths.clear();
    if (m_settings)
        m_settings->remove(m_place);
    emit changed();
}

void ColumnMemory::showMenu(const QPoint &position)
{
    auto *menu = selfDeleting(new QMenu(&m_header));
    fillMenu(*menu);
    menu->popup(m_header.mapToGlobal(position));
}

void ColumnMemory::fillMenu(QMenu &menu)
{
    if (m_fill) {
        m_fill(menu);
        menu.addSeparator();
    }
    QAction *back = menu.addAction(tr("Reset Columns"));
    back->setEnabled(m_fill || !m_widths.isEmpty());
    connect(back, &QAction::triggered, this, &ColumnMemory::reset);
}

} // namespace pulsedeck
