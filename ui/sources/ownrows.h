// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/sources/formpart.h"

#include <vector>

namespace pulsedeck {

class ToneLabel;

/// The settings that only one protocol has, a line of text each: see SourceProtocol::ownSettings().
class OwnRows : public FormPart
{
    Q_OBJECT

public:
    OwnRows(FormRows &rows, const SourceSettings &original, QObject *parent = nullptr);

    /// Moves secrets out of an address into their fields; what is left of it.
    QString takeSecrets(const QString &address);
    /// Writes those of \a settings.
    void setSecrets(const SourceSettings &settings);

    void read(SourceSettings &settings) const override;
    bool review(const SourceSettings &settings) override;
    QList<QLineEdit *> plainFields() const override;

protected:
    void fillFields(const SourceSettings &settings) override;
    void showFields(SourceKind before) override;

private:
    struct Row
    {
        SourceKind kind;
        QString name;
        QLineEdit *field;
        QWidget *row; ///< The field, or a line that it is in.
        ToneLabel *message;
        QString secretParameter; ///< Not empty: it is a secret.
        bool touched = false; ///< What it holds, or that it is empty, was meant.
    };
    bool keepsSecret(const Row &row, const SourceSettings &settings) const;

    const SourceSettings m_original;
    bool m_shown = true;
    std::vector<Row> m_own; ///< Of all kinds.
};

} // namespace pulsedeck
