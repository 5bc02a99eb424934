// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/commands/commandactions.h"
#include "ui/common/page.h"

#include <memory>

namespace pulsedeck {

/// The Commands page: groups that run or ended, the ladder of each command, what can still be done with it, export. All of
/// it by keyboard alone. GUI thread.
class CommandsPage : public Page
{
    Q_OBJECT

public:
    explicit CommandsPage(CommandActions &actions, QWidget *parent = nullptr);
    ~CommandsPage() override;

    void showGroup(const QUuid &group);
    QUuid currentGroup() const;
    /// Writes what the table shows; false and a sentence in \a error if the file cannot be written.
    bool exportTo(const QString &fileName, bool json, QString *error);

    /// How many run.
    QString navigationText() const override;
    bool isSearchable() const override { return true; }
    bool hasEscape() const override { return true; }
    QString whyNoPast() const override;
    void focusFilter() override;
    /// Clears the filter, then the selection.
    void escape() override;

protected:
    /// Its counts are not kept up to date while it is hidden.
    void showEvent(QShowEvent *event) override;
    void resizeEvent(QResizeEvent *event) override;

private:
    class Private;
    std::unique_ptr<Private> d;
};

} // namespace pulsedeck
